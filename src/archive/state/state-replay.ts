import type { StateChange } from './recorded-change.ts';
import { resetRooms } from './state-change.ts';
import type { MemberListState, MembershipState, UserState } from '../../model/people/people-state.ts';
import { emptyState, type LeftOutState, type ShardState, type State } from './state.ts';

/** Makes the state of what links changed in it, one after another: each costs as much as it changed. */
export class StateReplay {
  #run: number;
  #longestPage: number;
  #lists: Map<string, State['lists'][string]>;
  #changes: Map<string, State['changes'][string]>;
  #rooms: Map<string, State['rooms'][string]>;
  #purges: readonly number[];
  #shard: ShardState | undefined;
  readonly #leftOut: Map<string, LeftOutState>;
  #users: Map<string, UserState>;
  #memberLists: Map<string, MemberListState>;
  #memberships: Map<string, MembershipState>;

  constructor(from: State = emptyState) {
    this.#run = from.run;
    this.#longestPage = from.longestPage;
    this.#lists = new Map(Object.entries(from.lists));
    this.#changes = new Map(Object.entries(from.changes));
    this.#rooms = new Map(Object.entries(from.rooms));
    this.#purges = from.purges ?? [];
    this.#shard = from.shard;
    this.#leftOut = new Map(Object.entries(from.leftOut ?? {}));
    this.#users = new Map(Object.entries(from.users ?? {}));
    this.#memberLists = new Map(Object.entries(from.memberLists ?? {}));
    this.#memberships = new Map(Object.entries(from.memberships ?? {}));
  }

  /** As it is after the links so far. */
  get state(): State {
    return {
      version: 2,
      run: this.#run,
      longestPage: this.#longestPage,
      lists: Object.fromEntries(this.#lists),
      changes: Object.fromEntries(this.#changes),
      rooms: Object.fromEntries(this.#rooms),
      ...(this.#leftOut.size > 0 && { leftOut: Object.fromEntries(this.#leftOut) }),
      ...(this.#purges.length > 0 && { purges: this.#purges }),
      ...(this.#shard !== undefined && { shard: this.#shard }),
      ...(this.#users.size > 0 && { users: Object.fromEntries(this.#users) }),
      ...(this.#memberLists.size > 0 && { memberLists: Object.fromEntries(this.#memberLists) }),
      ...(this.#memberships.size > 0 && { memberships: Object.fromEntries(this.#memberships) }),
    };
  }

  add(run: number, change: StateChange): void {
    if (change.base === 'empty') {
      const people = [this.#users, this.#memberLists, this.#memberships];
      for (const map of [this.#lists, this.#changes, this.#rooms, this.#leftOut, ...people]) map.clear();
    }
    this.#purges = change.purges ?? this.#purges;
    this.#shard = change.shard ?? this.#shard;
    this.#run = run;
    this.#longestPage = change.longestPage;
    setEntries(this.#lists, change.lists);
    setEntries(this.#changes, change.changes);
    setEntries(this.#rooms, change.rooms);
    setEntries(this.#leftOut, change.leftOut ?? {});
    setEntries(this.#users, change.users ?? {});
    setEntries(this.#memberLists, change.memberLists ?? {});
    setEntries(this.#memberships, change.memberships ?? {});
    if (change.reset !== 'all' && change.reset.length === 0) return;
    const { lists, changes, rooms, users, memberLists, memberships } = resetRooms(this.state, change.reset);
    this.#lists = new Map(Object.entries(lists));
    this.#changes = new Map(Object.entries(changes));
    this.#rooms = new Map(Object.entries(rooms));
    this.#users = new Map(Object.entries(users ?? {}));
    this.#memberLists = new Map(Object.entries(memberLists ?? {}));
    this.#memberships = new Map(Object.entries(memberships ?? {}));
  }
}

/** The state after one more link. */
export function replay(before: State, run: number, change: StateChange): State {
  const states = new StateReplay(before);
  states.add(run, change);
  return states.state;
}

function setEntries<T>(map: Map<string, T>, changed: Readonly<Record<string, T | null>>): void {
  for (const [key, value] of Object.entries(changed)) {
    if (value === null) map.delete(key);
    else map.set(key, value);
  }
}
