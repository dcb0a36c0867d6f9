import type { ListState } from '../../archive/state/state.ts';
import type { Row } from '../../model/column.ts';
import { ownCopy } from '../../model/text/own-copy.ts';
import type { Holds } from '../purge-target.ts';

/** Which rooms and people the names are that a job holds: whoever had one of them in any row is held. */
export class HeldNames {
  /** Ids by the name that is held, which may be an id itself; empty: nothing has the name. */
  readonly rooms: ReadonlyMap<string, Set<string>>;
  readonly users: ReadonlyMap<string, Set<string>>;

  constructor({ rooms, users }: Holds) {
    this.rooms = new Map(rooms.map((name) => [name, new Set()]));
    this.users = new Map(users.map((name) => [name, new Set()]));
  }

  get isEmpty(): boolean {
    return this.rooms.size === 0 && this.users.size === 0;
  }

  /** Of the state, which knows rooms of which the archive has no row any more. */
  noteLists(lists: readonly Pick<ListState, 'roomId' | 'roomName' | 'formerNames'>[]): void {
    for (const { roomId, roomName, formerNames } of lists) this.noteRoom(roomId, [roomName, ...formerNames]);
  }

  noteRoom(id: string, names: readonly string[]): void {
    for (const name of [id, ...names]) note(this.rooms, name, id);
  }

  /** Of any table. */
  noteRow({ room_id: roomId, room_name: roomName, user_id: userId, username }: Row): void {
    if (typeof roomId === 'string') this.noteRoom(roomId, typeof roomName === 'string' ? [roomName] : []);
    if (typeof userId !== 'string') return;
    note(this.users, userId, userId);
    if (typeof username === 'string') note(this.users, username, userId);
  }

  get roomIds(): ReadonlySet<string> {
    return allOf(this.rooms);
  }

  get userIds(): ReadonlySet<string> {
    return allOf(this.users);
  }

  /** Rooms, then people. */
  get unmet(): readonly string[] {
    return [...this.rooms, ...this.users].flatMap(([name, ids]) => (ids.size === 0 ? [name] : []));
  }
}

function note(names: ReadonlyMap<string, Set<string>>, name: string, id: string): void {
  const ids = names.get(name);
  if (ids !== undefined && !ids.has(id)) ids.add(ownCopy(id));
}

function allOf(names: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  return new Set([...names.values()].flatMap((ids) => [...ids]));
}
