import { UnreachableError } from '../../errors.ts';
import type { Job } from '../../job/job.ts';
import type { Context } from '../command.ts';
import type { Notification } from './notification.ts';

/** Milliseconds before each further attempt. */
const pausesMs = [1_000, 5_000];

/** What of a command's context it works with. */
interface NotifyContext extends Pick<Context, 'log' | 'hide'> {
  readonly processContext: Pick<Context['processContext'], 'clock'>;
}

/** Posts what happened to whom the job names. Never throws: what cannot be delivered is a warning. */
export async function notify(
  job: Pick<Job, 'name' | 'notify'>,
  notification: Notification,
  { processContext, log, hide }: NotifyContext,
): Promise<void> {
  const { webhook, rocketchat } = job.notify ?? {};
  if (webhook === undefined && rocketchat === undefined) return;
  const [{ postJson }, { proxyFor }] = await Promise.all([
    import('../../rocketchat/post-json.ts'),
    import('../../rocketchat/http/proxy-for.ts'),
  ]);
  // What it quotes may have come from outside.
  const bodyOf = (value: object): string =>
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? hide(part) : part));

  async function post(name: string, url: string, body: string): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await postJson(url, name, body, proxyFor);
        log.detail(`${job.name}: told ${new URL(url).origin} (${name})`, { job: job.name });
        return;
      } catch (error) {
        if (!(error instanceof UnreachableError)) throw error;
        const pauseMs = pausesMs[attempt];
        if (pauseMs === undefined) {
          log.warn(`${job.name}: ${error.message}`, {
            job: job.name,
            ...(error.hint !== undefined && { hint: error.hint }),
          });
          return;
        }
        await processContext.clock.sleep(pauseMs);
      }
    }
  }

  await Promise.all([
    ...(webhook === undefined ? [] : [post('notify.webhook', webhook, bodyOf(notification))]),
    ...(rocketchat === undefined ? [] : [post('notify.rocketchat', rocketchat, bodyOf({ text: notification.text }))]),
  ]);
}
