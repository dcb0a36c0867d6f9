import type { Job } from '../job/job.ts';
import type { ConnectOptions } from '../rocketchat/connect.ts';
import { duration } from './report/amounts.ts';
import { keepLogin } from './keep-login.ts';
import type { Context } from './command.ts';

/** What of the process a command that only looks gives to a connection. */
type ProcessConnection = Pick<ConnectOptions, 'clock' | 'random'> & Required<Pick<ConnectOptions, 'signal' | 'onWait'>>;

/** For commands that only look at a workspace: shows that it does, and the waits for the rate limit. */
export async function withConnection<T>(
  server: Job['server'],
  context: Context,
  look: (connection: ProcessConnection) => Promise<T>,
): Promise<T> {
  const { processContext, log } = context;
  const { origin } = new URL(server.url);
  keepLogin(server, context);
  log.status(() => `reading from ${origin}`);
  try {
    return await look({
      clock: processContext.clock,
      random: processContext.random,
      signal: processContext.interruption(),
      onWait: (event) => {
        const { endpoint, ms } = event;
        if (event.kind === 'retry')
          log.warn(`${event.error}; next attempt in ${duration(ms)}`, { endpoint, waitMs: ms });
        else log.info(`Waiting ${duration(ms)} for the rate limit of ${endpoint}`, { endpoint, waitMs: Math.ceil(ms) });
      },
    });
  } finally {
    log.status(null);
  }
}
