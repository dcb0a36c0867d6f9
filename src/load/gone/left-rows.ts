import type { MessageTableName } from '../../model/table-name.ts';
import type { ArchivedRows } from '../../snapshot/archived-rows.ts';
import type { Uncompared } from '../../model/run/load-result.ts';
import { lookUpRows, whyUncompared } from '../archived/archive-lookup.ts';
import { contextOf, type LoadContext } from '../load-stream.ts';
import { writeTombstones } from './write-tombstones.ts';

/** What is left of a room that is neither read nor in the list. */
const unknownRoom = { roomName: '', roomTitle: '', roomType: '' };

/**
 * Writes `delete` rows for what messages have lost that a walk brought: one that was moved or imported into another room,
 * or whose room is read anew, may have rows of earlier runs in tables where it has none any more. To be called when all
 * else is written. Reads the archive only where some message may be one that it knows.
 *
 * @returns why the archive could not be read; null: it could, or need not be
 */
export async function writeLeftRows(load: LoadContext): Promise<Uncompared | null> {
  const { versions, steps, runPlan } = load;
  if (!versions.mayHaveReturned) return null;
  const rooms = [...runPlan.streams, ...runPlan.changes, ...runPlan.gone].map(({ room }) => room);
  // By the id in the tables: steps that keep identities secret may change it.
  const contexts = new Map(rooms.map((room) => [steps.room(room).id, contextOf(room, runPlan)]));
  const has = (id: string, table: MessageTableName): boolean => versions.hasLeft(table, id);
  let left: ArchivedRows;
  try {
    left = await lookUpRows(load, { has, sinceMs: Number.NEGATIVE_INFINITY });
  } catch (error) {
    return whyUncompared(error);
  }
  const unknown = { ...unknownRoom, run: runPlan.run };
  await writeTombstones(load, left, (_, { roomId }) => contexts.get(roomId) ?? { roomId, ...unknown });
  return null;
}
