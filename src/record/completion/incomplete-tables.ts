import { currentTables, elementTables } from '../../model/table-name.ts';
import type { Incomplete, UnreadRoom } from '../../archive/manifest/coverage.ts';
import { ownValue } from '../../model/json/own-value.ts';
import type { ListState, State } from '../../archive/state/state.ts';
import { endpointNamed } from '../../endpoints/endpoints.ts';
import type { RunPlan } from '../../plan/run-plan.ts';
import { hasBeenRead, hasRowsOf } from '../../plan/streams/lacking-in-list.ts';
import { isNewOfRoom } from '../../plan/tables-behind.ts';
import { isCovered } from './covered-list.ts';
import { namedRooms, unreadRoom, whyUnread } from './unread-rooms.ts';

/**
 * What tables of a job lack of rooms that were read before a run made them, and that have not been read again: because they
 * are gone or refused, because the job asks for a part of them only, or because of a gap.
 *
 * @param after the state after the run
 * @param planned keys of the lists that the run had
 */
export function incompleteTables(
  after: Pick<State, 'changes' | 'lists' | 'leftOut'>,
  tables: Readonly<Record<string, unknown>>,
  planned: ReadonlySet<string>,
): readonly Incomplete[] {
  const lacking = new Map<string, UnreadRoom[]>();
  for (const [key, list] of Object.entries(after.lists)) {
    if (isCovered(after, key, list)) continue;
    const names = new Set(lackedBy(list, after, tables).map((name) => name.split(' ')[0] ?? name));
    for (const name of names)
      lacking.set(name, [...(lacking.get(name) ?? []), unreadRoom(after, list, planned.has(key))]);
  }
  return [...lacking].map(([table, rooms]) => {
    const count = new Set(rooms.map(({ id }) => id)).size;
    const because = `of ${count === 1 ? 'one room' : `${count} rooms`} that earlier runs read it has only what came since it is made, or a part: ${whyUnread(rooms)}`;
    return { table, format: null, columns: null, runs: [], because, ...namedRooms(rooms) };
  });
}

/** Of users, rows of messages tell who is lacking where no list was read again, see meetInRows. */
function lackedBy(
  list: ListState,
  { changes }: Pick<State, 'changes'>,
  tables: Readonly<Record<string, unknown>>,
): readonly string[] {
  const known = ownValue(changes, list.roomId);
  const endpoint = endpointNamed(list.endpoint);
  if (known === undefined || endpoint === undefined || !hasBeenRead(list)) return [];
  const own = [...currentTables, 'message_versions', ...elementTables.map((side) => `${side} of mentioned_messages`)];
  const isMade = (name: string): boolean => Object.hasOwn(tables, name.split(' ')[0] ?? name);
  return [
    ...own.filter((name) => isMade(name) && hasRowsOf(endpoint.table, name) && isNewOfRoom(known, name)),
    ...(list.lacking ?? []).filter(isMade),
  ];
}

/** Keys of the lists that a run had, whether or not there was anything new in them. */
export function plannedLists({ streams, changes, unchanged }: RunPlan): ReadonlySet<string> {
  const revised = changes.flatMap((room) => room.revised.map(({ key }) => key));
  return new Set([...streams.map(({ key }) => key), ...revised, ...unchanged]);
}

/** The same in sentences, and which lists were read once more. */
export function tableNotes(
  { rereads }: Pick<RunPlan, 'rereads'>,
  incomplete: readonly Incomplete[],
): readonly string[] {
  const tables = new Set(rereads.flatMap((reread) => reread.tables.map((name) => name.split(' ')[0] ?? name)));
  const lists = new Set(rereads.map(({ key }) => key)).size;
  return [
    ...(lists === 0
      ? []
      : [
          `${lists === 1 ? 'One list was' : `${lists} lists were`} read again from the beginning, for tables that earlier runs did not make of all of it: ${[...tables].join(', ')}. Other tables got nothing of that.`,
        ]),
    ...incomplete.map(({ table, because }) => `The table "${table}" is not whole: ${because}.`),
  ];
}
