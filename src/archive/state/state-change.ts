import { fromTheBeginning } from '../../model/stream.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import { ownValue } from '../../model/json/own-value.ts';
import { resetPeople } from './known-people.ts';
import type { StateChange } from './recorded-change.ts';
import { stateSha256 } from './state-schema.ts';
import { emptyState, type ChangesState, type ListState, type State } from './state.ts';

/**
 * What makes one state of another.
 *
 * @param before null: nothing that the chain holds
 */
export function stateChange(before: State | null, after: State): StateChange {
  const from = before ?? emptyState;
  return {
    sha256: stateSha256(after),
    base: before === null ? 'empty' : 'previous',
    longestPage: after.longestPage,
    lists: changedEntries(from.lists, after.lists),
    changes: changedEntries(from.changes, after.changes),
    rooms: changedEntries(from.rooms, after.rooms),
    ...(JSON.stringify(from.purges) !== JSON.stringify(after.purges) && { purges: after.purges ?? [] }),
    ...(after.shard !== undefined &&
      JSON.stringify(from.shard) !== JSON.stringify(after.shard) && { shard: after.shard }),
    ...omitUndefined({
      leftOut: anyChanged(from.leftOut, after.leftOut),
      users: anyChanged(from.users, after.users),
      memberLists: anyChanged(from.memberLists, after.memberLists),
      memberships: anyChanged(from.memberships, after.memberships),
    }),
    reset: [],
  };
}

/**
 * The state with the lists of some rooms set back to their beginning. They keep their place and their count of messages:
 * the next run knows that their rows were written before. What changed is still asked for since the last run: what is
 * older comes with the messages.
 */
export function resetRooms(state: State, rooms: StateChange['reset']): State {
  const ids = rooms === 'all' ? null : new Set(rooms);
  const isReset = (roomId: string): boolean => ids === null || ids.has(roomId);
  return {
    ...state,
    lists: Object.fromEntries(
      Object.entries(state.lists).map(([key, list]): [string, ListState] => [
        key,
        isReset(list.roomId) ? unread(list) : list,
      ]),
    ),
    changes: Object.fromEntries(
      Object.entries(state.changes).map(([roomId, changes]): [string, ChangesState] => [
        roomId,
        isReset(roomId) ? { ...changes, seen: null } : changes,
      ]),
    ),
    rooms: Object.fromEntries(Object.entries(state.rooms).filter(([roomId]) => !isReset(roomId))),
    ...resetPeople(state, ids === null ? null : isReset),
  };
}

function unread(list: ListState): ListState {
  const { endpoint, roomId, roomName, roomType, formerNames, messages, gone, unjoined, counted, lacking } = list;
  return {
    endpoint,
    roomId,
    roomName,
    roomType,
    formerNames,
    messages,
    gone,
    cursor: fromTheBeginning,
    complete: false,
    seen: null,
    holes: [],
    ...omitUndefined({ counted, lacking, unjoined }),
  };
}

/** Whether earlier runs wrote rows of the list, and the next one reads it from its beginning all the same. */
export function isReset({ cursor, messages }: ListState): boolean {
  return cursor.watermark === null && messages > 0;
}

/** Of a part of the state that may be absent; undefined: nothing has changed in it. */
function anyChanged<T extends object>(
  before: Readonly<Record<string, T>> = {},
  after: Readonly<Record<string, T>> = {},
): Readonly<Record<string, T | null>> | undefined {
  const changed = changedEntries(before, after);
  return Object.keys(changed).length > 0 ? changed : undefined;
}

function changedEntries<T extends object | string>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
): Readonly<Record<string, T | null>> {
  const changed = Object.entries(after).filter(([key, value]) => {
    const known = ownValue(before, key);
    return known !== value && (known === undefined || JSON.stringify(known) !== JSON.stringify(value));
  });
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  return Object.fromEntries([...changed, ...gone.map((key) => [key, null] as const)]);
}
