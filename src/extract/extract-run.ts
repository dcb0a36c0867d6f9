import { join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import { JournalFolder } from '../journal/journal-folder.ts';
import type { ExtractContext } from './extract-context.ts';
import pLimit from 'p-limit';
import { PageAllowance } from './page-allowance.ts';
import { extractChanges } from './changes/extract-changes.ts';
import { peopleReadings } from './people/extract-people.ts';
import { extractStream } from './extract-stream.ts';
import { MissingEndpoint } from './missing-endpoint.ts';
import { endpoints } from '../endpoints/endpoints.ts';
import type { PlannedChanges, PlannedStream, RunStream } from '../plan/run-plan.ts';
import type { RunOutcomes, StreamOutcome } from '../plan/stream-outcome.ts';

interface ExtractOptions extends Omit<ExtractContext, 'journals'> {
  readonly areJournalsKept: boolean;
}

/**
 * Reads every stream of a run into its journal, each from where its journal ends. A room that cannot be read becomes a
 * gap and the others continue; anything else ends the run, with all that was read in the journals.
 *
 * @returns what came of each stream and of the changes of each room, in the order of the run
 */
export async function extractRun(options: ExtractOptions): Promise<RunOutcomes> {
  const { disk, archive, nowMs, areJournalsKept } = options;
  const folder = join(archive, archivePaths.journal);
  const journals = await JournalFolder.open(disk, folder, { nowMs, areKept: areJournalsKept });
  try {
    return await extractAll({ ...options, journals });
  } finally {
    await journals.close();
  }
}

async function extractAll(context: ExtractContext): Promise<RunOutcomes> {
  const { runPlan, concurrency, cut } = context;
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
  const { streams: planned, rereads } = runPlan;
  const limits = new Map([...planned, ...rereads].map((stream) => [requested(stream), pLimit(concurrency)]));
  const changesLimit = pLimit(concurrency);
  const shared = { allowance, missing: new MissingEndpoint() };
  // Behind the lists of its room: what a list held no more is among the changes, or its total could not be compared.
  const walksOf = new Map<string, Promise<unknown>[]>();
  const walk = (stream: RunStream): Promise<StreamOutcome | undefined> =>
    (limits.get(requested(stream)) ?? pLimit(1))(() =>
      unlessCut(async () => {
        const leave = allowance.enter();
        return extractStream(context, stream, allowance).finally(leave);
      }),
    );
  const reading = planned.map((stream) => {
    const read = walk(stream);
    walksOf.set(stream.room.id, [...(walksOf.get(stream.room.id) ?? []), read]);
    return read;
  });
  const readLists = ({ room }: PlannedChanges): Promise<unknown> => Promise.allSettled(walksOf.get(room.id) ?? []);
  const [streams, changes, again] = await Promise.all([
    Promise.allSettled(reading),
    Promise.allSettled(
      runPlan.changes.map(async (ofRoom) => {
        await readLists(ofRoom);
        return changesLimit(() => unlessCut(() => extractChanges(context, ofRoom, shared)));
      }),
    ),
    Promise.allSettled(rereads.map(walk)),
    Promise.allSettled(peopleReadings(context).map(unlessCut)),
  ]);
  cut.signal.throwIfAborted();
  return { streams: valuesOf(streams), changes: valuesOf(changes), rereads: valuesOf(again) };
}

function requested({ endpoint, via }: PlannedStream): string {
  return endpoints[endpoint].requested(via);
}

function valuesOf<T>(settled: readonly PromiseSettledResult<T | undefined>[]): readonly T[] {
  return settled.flatMap((one) => (one.status === 'fulfilled' && one.value !== undefined ? [one.value] : []));
}
