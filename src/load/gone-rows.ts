import { readFrames } from '../journal/read-frames.ts';
import { endpoints } from '../endpoints/endpoints.ts';
import { ExportError } from '../errors.ts';
import { isInHole } from '../journal/hole-place.ts';
import type { Hole } from '../model/stream.ts';
import type { MessageTableName } from '../model/table-name.ts';
import { isWholeList } from '../plan/compared-stream.ts';
import { journalPath } from '../plan/journal-path.ts';
import { currentTables } from '../tables/element-tables.ts';
import { tombstone } from '../transforms/tombstone.ts';
import { contextOf, type LoadContext } from './load-stream.ts';

/**
 * Writes `delete` rows for messages that are gone from rooms of which this run has read all from the beginning, though
 * earlier runs wrote rows of them: their deletion may never be reported. To be called when all else is written. Reads the
 * archive only when a room was read anew.
 *
 * @returns ids of rooms that were read anew and could not be compared: not to their end, via history, or the archive does
 *   not tell
 */
export async function writeGoneRows(load: LoadContext): Promise<readonly string[]> {
  const { disk, archive, tables, versions, steps, rows, runPlan } = load;
  const anew = runPlan.streams.filter((stream) => stream.mayReplace && hasAllMessages(stream));
  if (anew.length === 0) return [];
  // A plug-in may give messages of other rooms the id of this one.
  if (steps.mayMoveMessages) return anew.map(({ room }) => room.id);
  const uncompared: string[] = [];
  /** By the id in the tables: steps that keep identities secret may change it. */
  const rooms = new Map<string, { readonly stream: (typeof anew)[number]; readonly holes: readonly Hole[] }>();
  for (const stream of anew) {
    const holes = isWholeList(stream) ? await holesOf(load, journalPath(archive, stream)) : null;
    if (holes === null) uncompared.push(stream.room.id);
    else rooms.set(steps.room(stream.room).id, { stream, holes });
  }
  if (rooms.size === 0) return uncompared;
  // Few runs need it: what reads tables is loaded then.
  const { archivedRows } = await import('../snapshot/archived-rows.ts');
  const names = currentTables.filter((name) => tables.has(name));
  const isMissing = (id: string, _: MessageTableName, roomId: string): boolean =>
    rooms.has(roomId) && !versions.hasWalked(id) && !versions.isClaimed(id);
  const lookUp = (has: typeof isMissing): ReturnType<typeof archivedRows> =>
    archivedRows(disk, archive, names, { has, sinceMs: Number.NEGATIVE_INFINITY });
  try {
    const missing = new Set([...(await lookUp(isMissing)).values()].flatMap((found) => [...found.keys()]));
    // Whatever room it was in last: it may have left this one long ago.
    const newest = missing.size === 0 ? [] : await lookUp((id) => missing.has(id));
    for (const [table, found] of newest) {
      for (const [id, { roomId, tsMs, isDeleted }] of found) {
        const room = rooms.get(roomId);
        if (isDeleted || room === undefined || room.holes.some((hole) => isInHole(hole, id, tsMs))) continue;
        const gone = steps.tombstone(tombstone({ id, tsMs, deletedMs: null }, contextOf(room.stream.room, runPlan)));
        await rows.add({ ...gone, roomId, ts: new Date(tsMs) }, [table], true);
      }
    }
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    return anew.map(({ room }) => room.id);
  }
  await rows.flush();
  return uncompared;
}

/** Whether the run reads all messages of a room, whatever earlier ones took. */
function hasAllMessages(stream: LoadContext['runPlan']['streams'][number]): boolean {
  const { endpoint, filters, cursor, untilMs } = stream;
  return endpoints[endpoint].isWhole(filters) && cursor.watermark === null && untilMs === null;
}

/** The places that a walk could not read; null: it did not come to the end. */
async function holesOf({ disk }: Pick<LoadContext, 'disk'>, path: string): Promise<readonly Hole[] | null> {
  const holes: Hole[] = [];
  let isGap = false;
  for await (const { frame } of readFrames(disk, path)) {
    if (frame.kind === 'hole') holes.push(frame.hole);
    isGap = frame.kind === 'gap';
  }
  return isGap ? null : holes;
}
