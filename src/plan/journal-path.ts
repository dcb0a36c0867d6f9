import { join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import { fittingName } from '../archive/paths/fitting-name.ts';
import { changesEndpoint } from '../model/stream.ts';
import type { Room } from '../model/room.ts';
import type { Journaled, RunPlan, PlannedChanges, PlannedReread, PlannedStream } from './run-plan.ts';

/** Gives all that a run reads a journal of its own: streams are numbered first, then the changes of rooms, then rereads. */
export function withJournals(
  streams: readonly PlannedStream[],
  changes: readonly PlannedChanges[],
  rereads: readonly PlannedReread[] = [],
): Pick<RunPlan, 'streams' | 'changes' | 'rereads'> {
  let number = 0;
  const named = (endpoint: string, { id }: Room): Journaled => {
    number += 1;
    const prefix = String(number).padStart(4, '0');
    return { journal: `${prefix}-${endpoint}-${fittingName(encodeURIComponent(id))}.pages` };
  };
  return {
    streams: streams.map((stream) => ({ ...stream, ...named(stream.endpoint, stream.room) })),
    changes: changes.map((planned) => ({ ...planned, ...named(changesEndpoint, planned.room) })),
    rereads: rereads.map((reread) => ({ ...reread, ...named(reread.endpoint, reread.room) })),
  };
}

/** Where the pages of a stream, or the changes of a room, are kept while the run is open. */
export function journalPath(archive: string, { journal }: Journaled): string {
  return join(archive, archivePaths.journal, journal);
}
