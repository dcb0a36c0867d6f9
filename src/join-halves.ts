import { abortError } from './errors.ts';
import type { LoadResult } from './model/run/load-result.ts';
import type { Loading } from './load/start-loading.ts';
import type { RunOutcomes } from './plan/stream-outcome.ts';

/**
 * Waits for both halves of a run. When one fails or the run is interrupted, nothing is read or written any more by the
 * time this rejects. An interrupted load loses no more than its own work: the next one begins anew from the journals.
 *
 * @param signal also ends the reading, in an order of its own: what is in flight is saved first
 */
export async function joinHalves(
  read: Promise<RunOutcomes>,
  loading: Loading,
  signal: AbortSignal,
): Promise<readonly [RunOutcomes, LoadResult]> {
  try {
    const outcomes = await read;
    return [outcomes, await Promise.race([loading.result, interruption(signal)])];
  } catch (error) {
    await loading.stop();
    throw error;
  }
}

/** Never resolves. */
function interruption(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (): void => reject(abortError(signal));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
