import type { DiscussionKind } from '../../model/room.ts';
import type { LeftOutReason } from './left-out.ts';
import type { PeopleState } from '../../model/people/people-state.ts';
import type { Shard } from '../../model/run/shard.ts';
import type { Cursor, Hole, Span } from '../../model/stream.ts';

/** What the next run must know of a message list: one endpoint over one room, with one set of filters. */
export interface ListState {
  readonly endpoint: string;
  readonly roomId: string;
  /** The name at the time of the last run, for people. */
  readonly roomName: string;
  /** As the room list shows it; empty where an older program did not say. */
  readonly roomType: string;
  /** Names it had before, in order of the alphabet. */
  readonly formerNames: readonly string[];
  readonly cursor: Cursor;
  /** From where on the messages before the cursor have been read, epoch milliseconds. Absent: from the beginning. */
  readonly sinceMs?: number;
  /** Where the last run that read the list was to end, exclusive, epoch milliseconds. Absent: at the end of the list. */
  readonly untilMs?: number;
  /** What was read before that, and is not joined to it, oldest first. Absent: nothing. */
  readonly earlier?: readonly Span[];
  /** Messages that passed filters and steps, over all runs. */
  readonly messages: number;
  /** Whether the last walk reached the end of the list. */
  readonly complete: boolean;
  /**
   * What the room list showed when it was last read to its end (see seenMark): while it shows the same, there is nothing
   * new. null: it has to be asked anyway.
   */
  readonly seen: string | null;
  /** Set when the login had not joined the room at the last run. */
  readonly unjoined?: true;
  /** Set when the server withheld the room at the last run: the login was banned, or invited only. */
  readonly withheld?: true;
  /** Set when the last run that looked for the room did not find it, and said so in a gap. */
  readonly gone: boolean;
  /** Places before the watermark that could not be read, at most `mostHoles`. */
  readonly holes: readonly KnownHole[];
  /**
   * Tables that some run made of the room, and that lack what runs read of this list: they were made for another list, with
   * another filter or period, or the list could not be read again. Of what mentions fill of a side table the name is
   * `reactions of mentioned_messages`. Absent: none.
   */
  readonly lacking?: readonly string[];
  /** Of lists of all messages of a room, since a run of this program read them to their end. */
  readonly counted?: CountedList;
}

/**
 * How long a list should be by what is known of it: what the server's `total` is compared with after the next walk. Only
 * so a restored backup, or a deletion that nobody reports, shows in a room that has changed again since.
 */
export interface CountedList {
  /** What the list held at the end of its last walk, and what is known to have come and gone since. */
  readonly rows: number;
  /** By how many it may be wrong: what happened beside the walk may be in `rows` or not. */
  readonly slack: number;
  /** Whether a walk found another number: then the room is to be compared with the archive. */
  readonly differs: boolean;
  /** When the run began that did so last, epoch milliseconds of the exporting machine's clock; null: none has. */
  readonly comparedMs: number | null;
  /** Whether the list has shown earlier versions of messages: it counts those, and they come without a report. */
  readonly countsVersions: boolean;
}

/** Messages of a list that could not be read, and are tried again. */
export interface KnownHole extends Hole {
  /** The run that met it first, and reported it as a gap. */
  readonly firstRun: number;
}

/** Of more holes than this the older ones stand in manifests only, and are not tried again. */
export const mostHoles = 100;

/** A changed message that could not be read, and the run that reported it. */
export interface UnreadEdit {
  readonly id: string;
  readonly run: number;
}

/** What the next run must know of the changes of a room: edits, reactions, deletions. */
export interface ChangesState {
  /** The name at the time of the last run, for people. */
  readonly roomName: string;
  /** Changes and deletions are asked for from here on: exclusive, epoch milliseconds of the server's clock. */
  readonly sinceMs: number;
  /** The tables of messages that have all changes up to there. Absent where an older program did not say. */
  readonly tables?: readonly string[];
  /**
   * Of tables that earlier runs made, and the last did not: since when they lack what changed. For another job than the
   * last, whose entries or tables were edited. Absent: none.
   */
  readonly behind?: Readonly<Record<string, number>>;
  /** What ListState says now, of all lists of the room: where an older program could not read the room again. Absent: none. */
  readonly lacking?: readonly string[];
  /** By message table: keys (see changeKey) of changes later than `knownSinceMs` that earlier runs delivered. */
  readonly known: Readonly<Record<string, readonly string[]>>;
  /**
   * Since when `known` names every change that was delivered. A change that lies before it, and after what is asked for,
   * may have been delivered: whether it was, only the archive can tell.
   */
  readonly knownSinceMs: number;
  /** Changed messages that could not be read: the newest 100. Absent: none. */
  readonly unread?: readonly UnreadEdit[];
  /**
   * Why the room is still to be compared with the archive: the run that set out to, or that read the room anew from its
   * beginning, could not; or its history was read, which lacks what the workspace hides. Absent: it is not.
   */
  readonly compare?: 'restored' | 'returned' | 'reset' | 'hidden-types';
  /** Changes that became rows, over all runs. */
  readonly rows: number;
  /** Whether they were last read to their end. */
  readonly complete: boolean;
  /**
   * What the room list showed when they were last read to their end, and how long the room had been silent then: see
   * silenceMark. null: they have to be asked for anyway.
   */
  readonly seen: string | null;
}

/** A room whose changes are refused for weeks must not make the state grow with every message: see `knownSinceMs`. */
export const mostKnownChanges = 1_000;

/** A room that the last run did not read. */
export interface LeftOutState {
  /** For people. */
  readonly roomName: string;
  readonly roomType: string;
  readonly reason: LeftOutReason;
  /** Set of a discussion: whether it is one of a public channel, which the server counts among channels. */
  readonly discussion?: DiscussionKind;
}

/** The part of the workspace that an archive has, and words of the job that matched only rooms of other parts: see wordsElsewhere. */
export interface ShardState extends Shard {
  readonly elsewhere: readonly string[];
}

/** Where an archive stands after its last published link. Kept in `_state.json`, which the newest manifest vouches for. */
export interface State extends PeopleState {
  readonly version: 2;
  /** Number of the last published link; 0 before the first. Not in the file: the newest manifest says it. */
  readonly run: number;
  /** The most rows the server ever gave in one page. */
  readonly longestPage: number;
  /** By the key of the list: endpoint, room id, filters. */
  readonly lists: Readonly<Record<string, ListState>>;
  /** By room id. */
  readonly changes: Readonly<Record<string, ChangesState>>;
  /** By room id: a digest of the room's last row in the table `rooms`, if the job makes it. */
  readonly rooms: Readonly<Record<string, string>>;
  /** By room id: rooms that the last run saw and did not read. Absent: none, or an older program did not say. */
  readonly leftOut?: Readonly<Record<string, LeftOutState>>;
  /** Numbers of the purges so far: their manifests say what later runs leave out. Absent: none. */
  readonly purges?: readonly number[];
  /** Absent: the whole workspace. */
  readonly shard?: ShardState;
}

export const emptyState: State = { version: 2, run: 0, longestPage: 0, lists: {}, changes: {}, rooms: {} };
