import { abortError, StoppedError } from '../errors.ts';
import type { Clock } from '../system/clock.ts';

/** Redis answers in milliseconds, or is being started again. */
const withinMs = 15_000;

/**
 * What a queue is asked for, while somebody waits for it: the clients of Redis would wait for as long as it is gone.
 *
 * @throws StoppedError when the queue fails, or does not respond in time; what an aborted signal stands for
 */
export async function inTime<T>(work: Promise<T>, clock: Clock, signal: AbortSignal): Promise<T> {
  const done = new AbortController();
  const late = clock.sleep(withinMs, AbortSignal.any([signal, done.signal])).then((): never => {
    throw new Error(`no response in ${withinMs / 1_000} s`);
  });
  try {
    return await Promise.race([work, late]);
  } catch (cause) {
    if (signal.aborted) throw abortError(signal);
    const said = cause instanceof Error && cause.name === 'ReplyError' ? cause.message.split('\n', 1)[0] : undefined;
    throw new StoppedError(said === undefined ? 'Redis does not respond any more' : `Redis refuses: ${said}`, {
      cause,
    });
  } finally {
    done.abort();
  }
}
