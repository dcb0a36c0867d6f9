import { join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import { JournalFolder } from '../journal/journal-folder.ts';
import type { ExtractContext } from './extract-context.ts';
import { PageAllowance } from './page-allowance.ts';
import { extractChanges } from './changes/extract-changes.ts';
import { peopleReadings } from './people/extract-people.ts';
import { extractStream } from './extract-stream.ts';
import { MissingEndpoint } from './missing-endpoint.ts';
import { Turns } from './turns.ts';
import { endpoints } from '../endpoints/endpoints.ts';
import type { PlannedStream, RunChanges, RunStream } from '../plan/run-plan.ts';
import type { ChangesOutcome, RunOutcomes, StreamOutcome } from '../plan/stream-outcome.ts';

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
  const { streams: planned, changes, rereads } = runPlan;
  const allowance = new PageAllowance(concurrency);
  const shared = { allowance, missing: new MissingEndpoint() };
  const unlessCut = async (read: () => Promise<void>): Promise<void> => {
    if (cut.signal.aborted) return;
    try {
      await read();
    } catch (error) {
      cut.abort(error);
    }
  };

  const changesOf = new Map<RunChanges, ChangesOutcome>();
  const changesTurns = new Turns<RunChanges>(concurrency, (ofRoom) =>
    unlessCut(async () => void changesOf.set(ofRoom, await extractChanges(context, ofRoom, shared))),
  );
  // Behind the lists of its room: what a list held no more is among the changes, or its total could not be compared.
  const unread = new Map(changes.map((ofRoom) => [ofRoom.room.id, { ofRoom, lists: 0 }]));
  for (const { room } of planned) {
    const behind = unread.get(room.id);
    if (behind !== undefined) behind.lists += 1;
  }
  const outcomeOf = new Map<RunStream, StreamOutcome>();
  const readList = (stream: RunStream): Promise<void> =>
    unlessCut(async () => {
      const leave = allowance.enter();
      outcomeOf.set(stream, await extractStream(context, stream, allowance).finally(leave));
    });
  const readPlanned = async (stream: RunStream): Promise<void> => {
    await readList(stream);
    const behind = unread.get(stream.room.id);
    if (behind === undefined) return;
    behind.lists -= 1;
    if (behind.lists === 0) changesTurns.add(behind.ofRoom);
  };

  // Endpoints have separate rate budgets: one that waits must not hold up another.
  const again = new Set<RunStream>(rereads);
  const listTurns = new Map<string, Turns<RunStream>>();
  for (const stream of [...planned, ...rereads]) {
    const name = requested(stream);
    const turns =
      listTurns.get(name) ?? new Turns(concurrency, (next) => (again.has(next) ? readList(next) : readPlanned(next)));
    listTurns.set(name, turns);
    turns.add(stream);
  }
  for (const { ofRoom, lists } of unread.values()) if (lists === 0) changesTurns.add(ofRoom);
  const people = peopleReadings(context).map(unlessCut);
  await Promise.all([...[...listTurns.values()].map((turns) => turns.idle()), ...people]);
  // The lists have added all that waited for them.
  await changesTurns.idle();
  cut.signal.throwIfAborted();
  return {
    streams: planned.flatMap((stream) => outcomeOf.get(stream) ?? []),
    changes: changes.flatMap((ofRoom) => changesOf.get(ofRoom) ?? []),
    rereads: rereads.flatMap((stream) => outcomeOf.get(stream) ?? []),
  };
}

function requested({ endpoint, via }: PlannedStream): string {
  return endpoints[endpoint].requested(via);
}
