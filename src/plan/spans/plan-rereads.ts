import { ownValue } from '../../archive/state/own-value.ts';
import type { State } from '../../archive/state/state.ts';
import type { PlannedReread, PlannedStream } from '../run-plan.ts';
import { lackingTables } from '../tables-behind.ts';
import { listWalks } from './list-walks.ts';

/**
 * The lists to read once more from where earlier runs began, because the job makes tables that lack what those read. Of a
 * list that is read anew in any case nothing is lacking behind that.
 *
 * @param streams of the job, whether or not they have anything new
 * @param made the tables that the job makes
 */
export function planRereads(
  streams: readonly PlannedStream[],
  { changes }: Pick<State, 'changes'>,
  made: ReadonlySet<string>,
): readonly PlannedReread[] {
  const byRoom = new Map<string, PlannedStream[]>();
  // Of several walks over one list the last stands for it.
  for (const stream of new Map(streams.map((one) => [one.key, one])).values()) {
    byRoom.set(stream.room.id, [...(byRoom.get(stream.room.id) ?? []), stream]);
  }
  return [...byRoom].flatMap(([roomId, lists]) => {
    const known = ownValue(changes, roomId);
    const tables = known && lackingTables(known, { endpoints: lists.map(({ endpoint }) => endpoint), made });
    if (tables === undefined || tables.length === 0) return [];
    return lists.filter(isReadOn).flatMap((list) => rereadOf(list, tables));
  });
}

/** Whether earlier runs have taken something of a list, and this one does not begin anew. */
function isReadOn({ spans }: PlannedStream): boolean {
  return spans.some(({ cursor }) => cursor.watermark !== null);
}

function rereadOf(list: PlannedStream, tables: readonly string[]): readonly PlannedReread[] {
  const sinceMs = list.spans[0]?.sinceMs ?? null;
  return listWalks([], { sinceMs, untilMs: list.period.untilMs }).map((walk) => ({
    ...list,
    ...walk,
    ...{ holes: [], otherCursor: null, mayReplace: false, tables },
  }));
}
