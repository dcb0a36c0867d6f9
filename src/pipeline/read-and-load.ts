import { abortError } from '../errors.ts';
import type { ExtractContext } from '../extract/extract-context.ts';
import { extractRun } from '../extract/extract-run.ts';
import type { JournalProgress } from '../journal/journal-feed.ts';
import type { LoadPlan } from '../load/load-plan.ts';
import type { Loading } from '../load/defer-loading.ts';
import { startLoading } from '../load/start-loading.ts';
import type { LoadResult } from '../model/run/load-result.ts';
import type { RunOutcomes } from '../plan/stream-outcome.ts';

interface HalvesOptions extends Omit<ExtractContext, 'archive' | 'runPlan' | 'journals' | 'onProgress'> {
  readonly loadPlan: LoadPlan;
  /** See Environment. */
  readonly loadThreads: number;
  readonly areJournalsKept: boolean;
  /** Called when a journal has been opened, has grown, and has been closed. */
  readonly onProgress: (progress: JournalProgress) => void;
  /** Ends the run in order. `cut` is one that ends it because of a failure, and the connection listens to both. */
  readonly signal: AbortSignal;
}

/** The two halves of a run, side by side: pages into journals, journals into files. Only the journals connect them. */
export async function readAndLoad({
  loadPlan,
  loadThreads,
  signal,
  onProgress,
  ...extract
}: HalvesOptions): Promise<readonly [RunOutcomes, LoadResult]> {
  const { disk, cut } = extract;
  const { archive, runPlan } = loadPlan;
  const loading = await startLoading(disk, loadPlan, loadThreads);
  loading.result.catch((error: unknown) => cut.abort(error));
  const read = extractRun({
    ...extract,
    archive,
    runPlan,
    onProgress: (journal, progress) => {
      onProgress(progress);
      loading.update(journal, progress);
    },
  });
  return joinHalves(read, loading, signal);
}

/**
 * Waits for both halves of a run. When one fails or the run is interrupted, nothing is read or written any more by the
 * time this rejects. An interrupted load loses no more than its own work: the next one begins anew from the journals.
 *
 * @param signal also ends the reading, in an order of its own: what is in flight is saved first
 */
async function joinHalves(
  read: Promise<RunOutcomes>,
  loading: Loading,
  signal: AbortSignal,
): Promise<readonly [RunOutcomes, LoadResult]> {
  try {
    const outcomes = await read;
    loading.allRead();
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
