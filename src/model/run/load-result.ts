import type { FileReference } from '../files/file-reference.ts';
import type { PeopleState } from '../people/people-state.ts';
import type { StartedDiscussion } from '../room.ts';
import type { Balance } from './balance.ts';

/** What the load half made of the journals. */
export interface LoadResult {
  readonly files: readonly LoadedFile[];
  /** Rows by table. */
  readonly tables: Readonly<Record<string, number>>;
  /** By journal: messages of a stream that passed the filters and the steps; changes of a room that became rows. */
  readonly exported: Readonly<Record<string, number>>;
  /** By room of which changes were read: see ListBalance. */
  readonly balances: Readonly<Record<string, Balance>>;
  /** By room: see ExportedVersions. */
  readonly versions: Readonly<Record<string, KnownVersions>>;
  /** By room with a change that the next run has to write, when that happened: of a message that this run has written. */
  readonly deferred: Readonly<Record<string, number>>;
  /** By key of a stream that was not read: messages that lie before its cursor and have their row all the same. */
  readonly delivered: Readonly<Record<string, readonly string[]>>;
  /** Rooms whose changes are not in the tables, because the archive is damaged. */
  readonly unread: readonly string[];
  /** Paths of files that are not what their manifests say, and whose rows were read from another format, sorted. */
  readonly damaged: readonly string[];
  /** Why changes have not been compared with the rows of the archive; null: they have, if any. */
  readonly uncompared: Uncompared | null;
  /** Why it is not known whether earlier runs wrote rows of what walks brought, see writeLeftRows; null: it is. */
  readonly unlooked: string | null;
  /** Rooms that were read anew, and not compared with what earlier runs wrote of them, see writeGoneRows. */
  readonly uncomparedRooms: readonly string[];
  /** Of messages that walks brought and that passed the steps, each once though two lists have it. */
  readonly seen: {
    readonly encryptedMessages: number;
    readonly files: number;
    /** Discussions that messages of walks started, whatever a step made of those, by room id. */
    readonly discussions: Readonly<Record<string, StartedDiscussion>>;
  };
  /** Files that messages show which this run wrote rows of, each once, and messages that are gone; absent: nobody asks. */
  readonly shown?: {
    readonly files: readonly FileReference[];
    /** Of those who sent them and of their rooms. */
    readonly avatars: readonly FileReference[];
    readonly goneMessageIds: readonly string[];
  };
  readonly people: LoadedPeople;
  readonly completion: Completion;
  readonly steps: readonly StepCount[];
  /** Values of a wrong type by field. */
  readonly badFields: Readonly<Record<string, number>>;
  /** By table and column: cells that lack such a value. */
  readonly badColumns: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** What became of rows of earlier runs that some format of the job did not have. */
export interface Completion {
  readonly completed: readonly CompletedFormat[];
  /** See Manifest. */
  readonly refilled?: { readonly rows: number; readonly because: string };
  readonly incomplete: readonly IncompleteFormat[];
  /** Columns that are null in rows of earlier runs, which had no such columns, and messages that those runs dropped. */
  readonly columns: readonly IncompleteColumns[];
  /** Rows of earlier runs that the job would write otherwise now. */
  readonly outdated: readonly OutdatedRows[];
  /** Why nobody could look what formats lack; null: somebody has. */
  readonly unlooked: string | null;
}

/** Rows of earlier runs that are in files of this one: of a table, in the sink of a format and file ending. */
interface CompletedFormat {
  readonly table: string;
  readonly format: string;
  readonly extension: string;
  /** Ascending. */
  readonly runs: readonly number[];
  readonly rows: number;
  /** See CompletedRows. */
  readonly source?: 'raw';
}

/** Rows of earlier runs that stay away, and why, in a sentence. */
interface IncompleteFormat extends Omit<CompletedFormat, 'rows' | 'source'>, ReadAgain {
  readonly because: string;
}

interface ReadAgain {
  /** Set for runs before every room was to be read again: what rooms lack that could not be. */
  readonly isReadAgain?: true;
}

/** Of a table, in every format. */
interface IncompleteColumns extends ReadAgain {
  readonly table: string;
  /** null: whole messages, which steps dropped. */
  readonly columns: readonly string[] | null;
  /** Ascending. */
  readonly runs: readonly number[];
  readonly because: string;
}

interface OutdatedRows extends ReadAgain {
  readonly table: string;
  /** Ascending. */
  readonly runs: readonly number[];
  readonly because: string;
}

/** What the load half made of the lists of users and members. */
export interface LoadedPeople {
  /** As the next run must know them; parts whose table the job does not make are absent. */
  readonly known: PeopleState;
  /** What could not be seen, in sentences for the manifest. */
  readonly notes: readonly string[];
}

/** Whether nothing can be done about it but to change the job (`note`), or something is broken (`gap`). */
export interface Uncompared {
  readonly kind: 'note' | 'gap';
  readonly message: string;
}

/** A step of the job and how many messages it dropped, over all streams. */
interface StepCount {
  readonly step: string;
  /** No secrets. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly dropped: number;
}

/** A file in `_work/parts`, whole. */
export interface LoadedFile {
  /** Its final path, relative to the archive. */
  readonly path: string;
  readonly table: string;
  readonly format: string;
  readonly rows: number;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Whether its rows may replace rows of earlier files of the table. */
  readonly mayReplace?: true;
  /** Whether its rows are those of earlier runs, in a format that those did not make. */
  readonly earlier?: true;
}

/** What is known of the messages of a room, by table: two walks of one run may meet different versions of a message. */
export interface KnownVersions {
  /** By table: keys (see changeKey) of the changes that need not be looked at again. */
  readonly known: Readonly<Record<string, readonly string[]>>;
  /** Whether two walks met different versions of a message: the room has to be asked again, whatever its list shows. */
  readonly isUnsettled: boolean;
}
