import pLimit from 'p-limit';
import type { Disk } from '../disk.ts';
import type { LongestPage } from '../extractors/end-proof.ts';
import { PageAllowance } from '../extractors/page-allowance.ts';
import type { PageReader, RocketChat } from '../rocketchat/rocketchat.ts';
import { extractChanges } from './extract-changes.ts';
import { extractStream } from './extract-stream.ts';
import { MissingEndpoint } from './missing-endpoint.ts';
import type { JournalProgress } from './journal-feed.ts';
import type { OpenRun } from './open-run.ts';
import { requestedEndpoint } from './requested-endpoint.ts';
import type { RunEvent } from './run-event.ts';
import type { RunOutcomes } from './stream-outcome.ts';

export interface ExtractHalf {
  readonly chat: Pick<RocketChat, 'reader'>;
  readonly disk: Disk;
  readonly archive: string;
  readonly openRun: OpenRun;
  /** Streams read at once for each endpoint, and pages one of them may be ahead. */
  readonly concurrency: number;
  readonly longestPage: LongestPage;
  readonly nowMs: () => number;
  /** Called when a stream's journal has been opened, has grown, and has been closed. */
  readonly onProgress: (stream: number, progress: JournalProgress) => void;
  readonly onEvent: (event: RunEvent) => void;
  /**
   * Aborted with the first failure that ends the run, whichever half it is in. The connection listens to it: no stream
   * waits any longer or asks anything more, and what is in flight still reaches its journal.
   */
  readonly cut: AbortController;
}

/** The half as one reading has it. */
export type ReadingHalf = Omit<ExtractHalf, 'chat'> & { readonly chat: PageReader };

/**
 * Reads every stream of a run into its journal, each from where its journal ends. A room that cannot be read becomes a
 * gap and the others go on; anything else ends the run, with all that was read in the journals.
 *
 * @returns what came of each stream and of the changes of each room, in the order of the run
 */
export async function extractHalf(half: ExtractHalf): Promise<RunOutcomes> {
  const { openRun, concurrency, cut } = half;
  const allowance = new PageAllowance(concurrency);
  const unlessCut = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
    if (cut.signal.aborted) return undefined;
    try {
      return await read();
    } catch (error) {
      cut.abort(error);
      throw error;
    }
  };
  // Endpoints have separate rate budgets: one that waits must not hold up another.
  const limits = new Map(openRun.streams.map((stream) => [requestedEndpoint(stream), pLimit(concurrency)]));
  const changesLimit = pLimit(concurrency);
  const shared = { allowance, missing: new MissingEndpoint() };
  const [streams, changes] = await Promise.all([
    Promise.allSettled(
      openRun.streams.map((stream, index) =>
        (limits.get(requestedEndpoint(stream)) ?? pLimit(1))(() =>
          unlessCut(async () => {
            const leave = allowance.enter();
            return extractStream(half, stream, index, allowance).finally(leave);
          }),
        ),
      ),
    ),
    Promise.allSettled(
      openRun.changes.map((_, index) => changesLimit(() => unlessCut(() => extractChanges(half, index, shared)))),
    ),
  ]);
  cut.signal.throwIfAborted();
  return { streams: valuesOf(streams), changes: valuesOf(changes) };
}

function valuesOf<T>(settled: readonly PromiseSettledResult<T | undefined>[]): readonly T[] {
  return settled.flatMap((one) => (one.status === 'fulfilled' && one.value !== undefined ? [one.value] : []));
}
