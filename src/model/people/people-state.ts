import type { PersonSource } from './person.ts';

/** What the next run must know of a user, to write a row only if something about the user has changed. */
export interface UserState {
  readonly source: PersonSource;
  /** 16 hex digits of what the last row says; null: the next run writes it again, or the row is that of an account that is gone. */
  readonly digest: string | null;
  /** Set when the user was in users.list and is no more: old messages do not bring such a user back. */
  readonly gone?: true;
  /** Of a row from messages: when the message was sent, in epoch milliseconds. An older one does not replace it. */
  readonly metMs?: number;
  /** As last shown: users.list does not have it. Absent: nothing has shown it yet. */
  readonly utcOffsetMinutes?: number;
  /** Set when users.info was asked for the user, which has it if anything does. */
  readonly lookedUp?: true;
  /** By what name others than users.list, which does not have the user, showed the user last, 16 hex digits each. Absent: none has. */
  readonly shown?: { readonly message?: string; readonly members?: string };
  /** Set when that name has changed since users.info was asked: the next run asks again, unless users.list shows the user. */
  readonly outdated?: true;
}

/** What the next run must know of the members of a room. */
export interface MemberListState {
  /** Number of the run that read them last or, of an archived group, was refused them first. */
  readonly run: number;
  /** What the room list showed then (see memberMark): while it shows the same, they need not be asked for. null: they must. */
  readonly seen: string | null;
}

/** What the next run must know of a user in a room. */
export interface MembershipState {
  /** Number of the run that found the user there first. */
  readonly firstRun: number;
  /** 16 hex digits of what the last row says; null: the next run writes it again. */
  readonly digest: string | null;
}

/** Parts of the state that only jobs with the tables `users` and `room_members` have. */
export interface PeopleState {
  /** By user id: the last rows of the table `users`. Absent: none. */
  readonly users?: Readonly<Record<string, UserState>>;
  /** By room id: lists of members that have been read to their end. Absent: none. */
  readonly memberLists?: Readonly<Record<string, MemberListState>>;
  /** By room id and user id, with a space between them: the last rows of the table `room_members`. Absent: none. */
  readonly memberships?: Readonly<Record<string, MembershipState>>;
}
