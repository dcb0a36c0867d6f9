import type { Job } from '../job/job.ts';
import type { RocketChat } from '../rocketchat/rocketchat.ts';
import { duration } from './amounts.ts';
import { keepLogin } from './keep-login.ts';
import type { Context } from './verb.ts';

/** Requests in flight of a verb that asks little. */
const defaultConcurrency = 4;

/**
 * Connects for the time of `use`, for verbs that only look; waits for the rate limit are told.
 *
 * @throws what connecting and `use` throw
 */
export async function withConnection<T>(
  server: Job['server'],
  context: Context,
  use: (chat: RocketChat) => Promise<T>,
  concurrency = defaultConcurrency,
): Promise<T> {
  const { world, talk } = context;
  const { origin } = new URL(server.url);
  keepLogin(server, context);
  const [{ connect }, { proxyFor }] = await Promise.all([
    import('../rocketchat/connect.ts'),
    import('../rocketchat/proxy-for.ts'),
  ]);
  talk.status(() => `connecting to ${origin}`);
  try {
    const chat = await connect({
      ...{ ...server, concurrency, clock: world.clock, random: world.random, signal: world.interruption() },
      proxyFor,
      onWait: (event) => {
        const { endpoint, ms } = event;
        if (event.kind === 'retry')
          talk.warn(`${event.error}; next attempt in ${duration(ms)}`, { endpoint, waitMs: ms });
        else
          talk.info(`Waiting ${duration(ms)} for the rate limit of ${endpoint}`, { endpoint, waitMs: Math.ceil(ms) });
      },
    });
    try {
      talk.status(() => `reading from ${origin}`);
      return await use(chat);
    } finally {
      await chat.close();
    }
  } finally {
    talk.status(null);
  }
}
