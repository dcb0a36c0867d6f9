import type { Job } from '../job/job.ts';
import type { RocketChat } from '../rocketchat/rocketchat.ts';
import { duration } from './amounts.ts';
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
  { world, talk, keepSecret }: Context,
  use: (chat: RocketChat) => Promise<T>,
  concurrency = defaultConcurrency,
): Promise<T> {
  const { url, login } = server;
  keepSecret(login.kind === 'token' ? login.authToken : login.password);
  const { connect } = await import('../rocketchat/connect.ts');
  talk.status(() => `connecting to ${url}`);
  try {
    const chat = await connect({
      ...{ url, login, concurrency, clock: world.clock, random: world.random, signal: world.interruption() },
      onWait: (event) => {
        const { endpoint, ms } = event;
        if (event.kind === 'retry')
          talk.warn(`${event.error}; next attempt in ${duration(ms)}`, { endpoint, waitMs: ms });
        else
          talk.info(`Waiting ${duration(ms)} for the rate limit of ${endpoint}`, { endpoint, waitMs: Math.ceil(ms) });
      },
    });
    try {
      talk.status(() => `reading from ${url}`);
      return await use(chat);
    } finally {
      await chat.close();
    }
  } finally {
    talk.status(null);
  }
}
