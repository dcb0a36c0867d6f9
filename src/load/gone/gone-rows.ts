import { readFrames } from '../../journal/read-frames.ts';
import { endpoints } from '../../endpoints/endpoints.ts';
import { isInHole } from '../../journal/hole-place.ts';
import type { Hole } from '../../model/stream.ts';
import type { MessageTableName } from '../../model/table-name.ts';
import type { ArchivedRows, WantedRows } from '../../snapshot/archived-rows.ts';
import { isWholeList } from '../../plan/streams/compared-stream.ts';
import { journalPath } from '../../plan/journal-path.ts';
import { lookUpRows, whyUncompared } from '../archived/archive-lookup.ts';
import { contextOf, type LoadContext } from '../load-stream.ts';
import { writeTombstones } from './write-tombstones.ts';

/**
 * Writes `delete` rows for messages that are gone from rooms of which this run has read all from the beginning, though
 * earlier runs wrote rows of them: their deletion may never be reported. To be called when all else is written. Reads the
 * archive only when a room was read anew.
 *
 * @returns ids of rooms that were read anew and could not be compared: not to their end, via history, or the archive cannot
 *   be asked
 */
export async function writeGoneRows(load: LoadContext): Promise<readonly string[]> {
  const { archive, versions, steps, runPlan } = load;
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
  const isMissing = (id: string, _: MessageTableName, roomId: string): boolean =>
    rooms.has(roomId) && !versions.hasWalked(id) && !versions.isClaimed(id);
  let newest: ArchivedRows;
  try {
    newest = await newestOf(load, isMissing);
  } catch (error) {
    whyUncompared(error);
    return anew.map(({ room }) => room.id);
  }
  await writeTombstones(load, newest, (id, { roomId, tsMs }) => {
    const room = rooms.get(roomId);
    const isGone = room?.holes.some((hole) => isInHole(hole, id, tsMs)) === false;
    return isGone ? contextOf(room.stream.room, runPlan) : undefined;
  });
  return uncompared;
}

/** Of the messages with such rows the newest ones, whatever room those are in: a message may have left this one long ago. */
async function newestOf(load: LoadContext, isMissing: WantedRows['has']): Promise<ArchivedRows> {
  const sinceMs = Number.NEGATIVE_INFINITY;
  const found = await lookUpRows(load, { has: isMissing, sinceMs });
  const missing = new Set([...found.values()].flatMap((rows) => [...rows.keys()]));
  return missing.size === 0 ? new Map() : lookUpRows(load, { has: (id) => missing.has(id), sinceMs });
}

/** Whether the run reads all messages of a room, whatever earlier ones took. */
function hasAllMessages(stream: LoadContext['runPlan']['streams'][number]): boolean {
  const { endpoint, filters, cursor, untilMs } = stream;
  return endpoints[endpoint].isWhole(filters) && cursor.watermark === null && untilMs === null;
}

/** The places that a walk could not read; null: it did not come to the end. One in the shared journal has none, and did. */
async function holesOf({ disk }: Pick<LoadContext, 'disk'>, path: string): Promise<readonly Hole[] | null> {
  const holes: Hole[] = [];
  let isGap = false;
  for await (const { frame } of readFrames(disk, path)) {
    if (frame.kind === 'hole') holes.push(frame.hole);
    isGap = frame.kind === 'gap';
  }
  return isGap ? null : holes;
}
