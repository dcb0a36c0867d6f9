import { connect, type ConnectOptions } from './connect.ts';
import type { RocketChat } from '../model/rocketchat.ts';

/**
 * Connects for the time of `use`, whatever becomes of it.
 *
 * @throws what connecting and `use` throw
 */
export async function withChat<T>(options: ConnectOptions, use: (chat: RocketChat) => Promise<T>): Promise<T> {
  const chat = await connect(options);
  try {
    return await use(chat);
  } finally {
    await chat.close();
  }
}
