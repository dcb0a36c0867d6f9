import { ownValue } from '../../model/json/own-value.ts';
import type { ListState, State } from '../../archive/state/state.ts';
import type { Endpoint } from '../../endpoints/endpoint.ts';
import { isNewOfRoom, tablesServed, type RoomCoverage } from '../tables-behind.ts';
import { knownList, type ListOfRoom } from './known-list.ts';

/**
 * The tables that a run makes, and that lack what earlier runs read of a list: no run had made them of the room, or only of
 * another list of it. Names as in ListState.
 */
export function lackingInList(
  { changes, ...lists }: Pick<State, 'changes' | 'lists'>,
  list: ListOfRoom,
  coverage: RoomCoverage,
): readonly string[] {
  const known = ownValue(changes, list.room.id);
  if (known === undefined) return [];
  const lacking = knownList(lists, list)?.lacking ?? [];
  return tablesServed(known, coverage).filter((table) => isNewOfRoom(known, table) || lacking.includes(table));
}

/** Whether a list has rows of a table, as ListState names it: of users both kinds of lists have. */
export function hasRowsOf(list: Endpoint['table'], table: string): boolean {
  if (table === list || table === 'users' || table.endsWith(` of ${list}`)) return true;
  return list === 'messages' && table !== 'mentioned_messages' && !table.includes(' of ');
}

/** Whether runs have taken anything of a list. */
export function hasBeenRead({ cursor, earlier = [], messages }: ListState): boolean {
  return cursor.watermark !== null || earlier.length > 0 || messages > 0;
}
