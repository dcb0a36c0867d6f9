import type { LeftOutReason } from '../state/left-out.ts';
import type { RunRange } from './completed-rows.ts';
import type { ManifestRoom } from './room/manifest-room.ts';

/** Which messages are missing from lists that a run read by time. */
export interface HiddenTypes {
  /** How many it read so. */
  readonly lists: number;
  /** That the server leaves out there, sorted; null: of some it does not say. */
  readonly types: readonly string[] | null;
}

/** Lists of messages that mention the login, each a part of a room: a room of which nothing else is read may be left out. */
export interface MentionLists {
  /** Of how many rooms one was read, or is unchanged. */
  readonly rooms: number;
  /** Whether the job reads nothing else: then the rooms that are `read` are these. */
  readonly isAll: boolean;
}

/** What a run left out, counted. Rooms are named where that has changed since the run before; `_state.json` names all. */
export interface Coverage {
  readonly rooms: {
    /** Rooms in the server's lists that the job had a use for, those gone from them that earlier runs read, and discussions that messages started. */
    readonly seen: number;
    /** Of these, rooms in the lists of the login, as the command `rooms` has them: the same for every job. Absent: an older program. */
    readonly joined?: number;
    /** Of which the archive has a list that the job reads, to its end or in part, whether or not anything was new in it. */
    readonly read: number;
    /**
     * Rooms that the job reads, whose lists all ended in a gap, and of which nothing has ever been read. Absent: none, or an
     * older program, which counted them as read.
     */
    readonly failed?: number;
    /** Rooms that belong to other shards, whose archives have them. Absent: the job reads the whole workspace. */
    readonly otherShards?: number;
    /** By reason; `not-joined` null: nobody counted them, because no entry takes channels but by name and none is known, or the server refuses. */
    readonly leftOut: Readonly<Record<LeftOutReason, number | null>>;
    /** Absent where no list of mentions is read, or an older program did not say. */
    readonly mentions?: MentionLists;
  };
  /** `before` and `now` null: it was or is read, or not there. */
  readonly changed: readonly {
    readonly room: ManifestRoom;
    readonly before: LeftOutReason | null;
    readonly now: LeftOutReason | null;
  }[];
  /** Messages that this run exported and that are end-to-end encrypted. */
  readonly encryptedMessages: number;
  /** Files of messages that this run exported and that are not in the archive. */
  readonly filesNotDownloaded: number;
  /** Absent unless the job saves files, or where it could not be looked up which ones the archive has. */
  readonly files?: FileCoverage;
  /**
   * Lists of which earlier runs read messages outside the period that the job asks for now: their rows stay, and are kept
   * up to date. Absent where an older program did not say.
   */
  readonly listsOutsidePeriod?: number;
  /** Absent where an older program did not say. */
  readonly hiddenTypes?: HiddenTypes;
  /** What the tables and formats of the job lack of earlier runs. Empty: nothing. Absent where an older program did not say. */
  readonly incomplete?: readonly Incomplete[];
  /** Files of earlier links that are not in their place: their rows can be read nowhere. Absent: none, or an older program. */
  readonly misplacedFiles?: { readonly count: number; readonly first: readonly MisplacedFile[] };
  /** Rows of earlier runs that the job would write otherwise now. Empty: none. Absent where an older program did not say. */
  readonly outdated?: readonly Outdated[];
}

/** What is wrong with a file that is not in its place, without opening it. `unreadable`: its folder cannot be listed. */
export const misplacements = ['missing', 'size', 'unreadable'] as const;

/** A file of an archive that is not in its place. */
export interface MisplacedFile {
  /** Relative to the archive. */
  readonly path: string;
  readonly problem: (typeof misplacements)[number];
}

/** Rows of a table that hold what the steps of the job take out now, or that lie in other folders. */
export interface Outdated {
  readonly table: string;
  /** Of some rows only where steps drop messages. */
  readonly runs: readonly RunRange[];
  /** Why, in a sentence. */
  readonly because: string;
  /** As of what is incomplete: every room was read again since, but for these. */
  readonly rooms?: readonly UnreadRoom[];
  readonly roomCount?: number;
}

/** What a run saved of files, and what the archive lacks of those that the job asks for. */
export interface FileCoverage {
  readonly saved: number;
  readonly savedBytes: number;
  /** By status in the table `files`: of this run and of earlier ones. */
  readonly notSaved: Readonly<Record<string, number>>;
  /** The first hundred of them. */
  readonly named: readonly {
    readonly fileId: string;
    readonly roomId: string | null;
    readonly name: string | null;
    readonly status: string;
    readonly error: string | null;
  }[];
}

/** A table or one format of it that began later than others, and has not been completed. */
export interface Incomplete {
  readonly table: string;
  /** File ending of the format, without the dot; null: the table itself, in every format. */
  readonly format: string | null;
  /** The columns that are null in rows of those runs, which had no such columns; null: whole rows are missing. */
  readonly columns: readonly string[] | null;
  /** The runs whose rows are not there, or, where neither format nor columns are named, of which only some are; empty: those of some rooms. */
  readonly runs: readonly RunRange[];
  /** Why, in a sentence. */
  readonly because: string;
  /** Where only some rooms lack them: those, of each reason the first 20. Absent: all rooms of those runs. */
  readonly rooms?: readonly UnreadRoom[];
  /** How many rooms those are. */
  readonly roomCount?: number;
}

/**
 * Why the server does not give what is missing of a room: the room is gone, the server refuses it, the login is only invited
 * to it or banned from it, reading it again ended in a gap, or the job does not ask for all that earlier runs read of it.
 */
export const unreadReasons = ['gone', 'refused', 'invited', 'banned', 'gap', 'not-asked'] as const;

/** A room of which something stays away. */
export interface UnreadRoom extends ManifestRoom {
  readonly reason: (typeof unreadReasons)[number];
}
