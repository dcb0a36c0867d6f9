import type { ChangesState, ListState, LeftOutState, ShardState } from './state.ts';
import type { MemberListState, MembershipState, UserState } from '../../model/people/people-state.ts';

/** What a link did to the state. Replayed from the first link on, they make the state that the hash is of. */
export interface StateChange {
  /** SHA-256 of the bytes of `_state.json` after this link. */
  readonly sha256: string;
  /** Numbers of the purges so far, by what later runs leave out. Absent: as it was. */
  readonly purges?: readonly number[];
  /** Which part of the workspace the archive has. Absent: as it was. */
  readonly shard?: ShardState;
  /** What the rest is applied to. `empty`: there is no link before, or it is of format version 1, and the rest is the whole state. */
  readonly base: 'empty' | 'previous';
  readonly longestPage: number;
  /** What became of these lists, by key; null: it is no longer there. */
  readonly lists: Readonly<Record<string, ListState | null>>;
  /** By room id. */
  readonly changes: Readonly<Record<string, ChangesState | null>>;
  /** By room id. */
  readonly rooms: Readonly<Record<string, string | null>>;
  /** By room id; null: it is read, or no longer seen. Absent: as it was; so with the others behind it. */
  readonly leftOut?: Readonly<Record<string, LeftOutState | null>>;
  /** By user id. */
  readonly users?: Readonly<Record<string, UserState | null>>;
  /** By room id. */
  readonly memberLists?: Readonly<Record<string, MemberListState | null>>;
  /** By room id and user id; null: the user has left the room. Absent: as it was. */
  readonly memberships?: Readonly<Record<string, MembershipState | null>>;
  /** Rooms, by id, that are to be read again from their beginning: applied last. See resetRooms. */
  readonly reset: 'all' | readonly string[];
}
