import { ExportError } from '../errors.ts';
import type { MessageTableName } from '../model/table-name.ts';
import { tombstone } from '../transforms/tombstone.ts';
import { currentTables } from '../tables/element-tables.ts';
import type { Uncompared } from '../model/run/load-result.ts';
import { contextOf, type LoadContext } from './load-stream.ts';

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
  const { disk, archive, tables, versions, steps, rows, runPlan } = load;
  if (!versions.mayHaveReturned) return null;
  // Few runs need it: what reads tables is loaded then.
  const { archivedRows } = await import('../snapshot/archived-rows.ts');
  const names = currentTables.filter((name) => tables.has(name));
  const rooms = [...runPlan.streams, ...runPlan.changes, ...runPlan.gone].map(({ room }) => room);
  // By the id in the tables: steps that keep identities secret may change it.
  const contexts = new Map(rooms.map((room) => [steps.room(room).id, contextOf(room, runPlan)]));
  const wanted = {
    has: (id: string, table: MessageTableName) => versions.hasLeft(table, id),
    sinceMs: Number.NEGATIVE_INFINITY,
  };
  try {
    for (const [table, found] of await archivedRows(disk, archive, names, wanted)) {
      for (const [id, { roomId, tsMs, isDeleted }] of found) {
        if (isDeleted) continue;
        const context = contexts.get(roomId) ?? { roomId, ...unknownRoom, run: runPlan.run };
        const gone = steps.tombstone(tombstone({ id, tsMs, deletedMs: null }, context));
        await rows.add({ ...gone, roomId, ts: new Date(tsMs) }, [table], true);
      }
    }
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    return { kind: error.kind === 'usage' ? 'note' : 'gap', message: error.message };
  }
  await rows.flush();
  return null;
}
