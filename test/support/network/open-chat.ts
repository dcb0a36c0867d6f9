import type { RocketChat } from '../../../src/model/rocketchat.ts';
import { connect, type ConnectOptions } from '../../../src/rocketchat/connect.ts';
import { impatientClock } from '../clocks/impatient-clock.ts';

/** A connection that waits for nothing; `closeLater` closes it. */
export async function openChat(
  closeLater: (close: () => unknown) => void,
  url: string,
  options: Partial<ConnectOptions> = {},
): Promise<RocketChat> {
  const chat = await connect({
    url,
    login: { kind: 'token', userId: 'u1', authToken: 'a-personal-token' },
    clock: impatientClock(),
    concurrency: 16,
    random: () => 0,
    ...options,
  });
  closeLater(() => chat.close());
  return chat;
}
