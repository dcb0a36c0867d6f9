import type { HiddenTypes } from '../archive/manifest/coverage.ts';
import type { ManifestRequest } from '../archive/manifest/request/request.ts';
import type { KnownHole } from '../archive/state/state.ts';
import type { EndpointName } from '../endpoints/endpoint-name.ts';
import type { Shard } from '../model/run/shard.ts';
import type { Cursor, MessageFilters, Via } from '../model/stream.ts';
import type { ListWalk } from './spans/list-walks.ts';
import type { SpannedList } from './spans/spans.ts';
import type { Room } from '../model/room.ts';
import type { PlannedPeople } from './people/plan-people.ts';
import type { LeftOutRoom } from './rooms/left-out-rooms.ts';
import type { SeenRooms } from './rooms/seen-rooms.ts';

/** Epoch milliseconds of the beginning of the run, and the job's `lookback`. */
export interface Silence {
  readonly nowMs: number;
  readonly lookbackMs: number;
}

/** Which part of the workspace a run reads, and what the lists show of the others. */
export interface PlannedShard extends Shard {
  /** How many rooms belong to other shards. */
  readonly otherRooms: number;
  /** See wordsElsewhere. */
  readonly elsewhere: readonly string[];
}

/** A row of the table `rooms` that a run owes: the room has changed since its last row, or is gone. */
export type PlannedRoom =
  | { readonly op: 'upsert'; readonly room: Room; readonly digest: string }
  | { readonly op: 'delete'; readonly room: Room };

/** What a run reads, and where it keeps the pages. */
export interface Journaled {
  /** File name in the folder of journals, of no other stream or room of the run: `0001-channels.messages-GENERAL.pages`. */
  readonly journal: string;
}

/** A walk over a list of a room that a job asks for. Where a period has been moved, there may be several of one list. */
export interface PlannedStream extends ListWalk, SpannedList {
  /** Names the stream across runs: endpoint, room id, filters. */
  readonly key: string;
  readonly endpoint: EndpointName;
  readonly room: Room;
  readonly via: Via;
  readonly filters: MessageFilters;
  readonly pageSize: number | null;
  /** Whether no run has read it before. */
  readonly isNew: boolean;
  /** Whether earlier runs may have written rows of its messages: it is read anew, or was read with other filters. */
  readonly mayReplace: boolean;
  /** Where earlier runs are in the room's other list, if that is further: side tables may have what lies before it. Else null. */
  readonly otherCursor: Cursor | null;
  /** Where the last run left off or, where none has been, right before what is to be read. */
  readonly cursor: Cursor;
  /** What earlier runs could not read. */
  readonly holes: readonly KnownHole[];
}

/** A stream that a run set out to read. */
export type RunStream = PlannedStream & Journaled;

/** A walk over what earlier runs took of a list, for tables that no run made then. */
export interface PlannedReread extends PlannedStream {
  /** Those tables, as `ChangesState` names them: no other gets rows. */
  readonly tables: readonly string[];
}

export type RunReread = PlannedReread & Journaled;

/** A stream that earlier runs read, and that nothing reads any more though the job asks for it. */
export interface GoneStream extends PlannedStream {
  /** `room-kind`: the room is there, of a kind that the endpoint does not read; `room-renamed`: no entry finds it by its new name. */
  readonly reason: 'room-gone' | 'room-kind' | 'room-renamed';
}

/**
 * Why the changes that a server reports of a room cannot be all: it was restored from a backup (see restoredRooms), or the
 * room is back in the list, and what happened to it while it was gone is unknown, or its list had another length
 * than all that is known of it makes, or it was read anew after a reset, and could not be compared by the same run, or
 * it was read by time while the workspace hid types of messages.
 */
export type ComparedFor = 'restored' | 'returned' | 'reset' | 'hidden-types' | 'miscounted';

/** What must be known of a list to tell which changes are those of its messages. */
type Revised = 'key' | 'endpoint' | 'via' | 'filters' | 'pageSize' | 'cursor' | 'period' | 'spans';

/** A list that earlier runs read by filters which the job does not have now. */
export type FormerList = Pick<PlannedStream, 'endpoint' | 'filters' | 'spans'>;

/** Changes of a room that are to be read: of messages that earlier runs exported. */
export interface PlannedChanges {
  readonly room: Room;
  /** Since when; see ReadChangesOptions. */
  readonly cursor: Cursor;
  /** By message table: keys of changes that it has, see ExportedVersions. */
  readonly known: Readonly<Record<string, readonly string[]>>;
  /** Whether some table of the job lacks changes that others have: `cursor` and `known` are those of that table. */
  readonly isBehind: boolean;
  /** Whether earlier runs read all messages of the room, and this one those that mention the login. */
  readonly isPart: boolean;
  /** Why the room is read again from its beginning, and compared with the archive; null: it is not. */
  readonly compared: ComparedFor | null;
  /** Whose rows they bring up to date, and how far those had been read before this run: what is newer comes from there. */
  readonly revised: readonly Pick<PlannedStream, Revised>[];
  /** What else earlier runs brought into the same tables. Absent: nothing. */
  readonly former?: readonly FormerList[];
}

/** Changes of a room that a run set out to read. */
export type RunChanges = PlannedChanges & Journaled;

/**
 * What a run set out to do, written before its first page. A run that was cut resumes with the same rooms in the same
 * order, so that it ends with the same bytes as if it had not been.
 */
export interface RunPlan {
  readonly version: 14;
  readonly run: number;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Of the part of the job that decides what is read: another one cannot use these pages. */
  readonly extractSha256: string;
  /** That the job makes: which changes are due depends on what each of them lacks. */
  readonly tables: readonly string[];
  readonly server: {
    readonly url: string;
    readonly version: string | null;
    readonly user: { readonly id: string; readonly username: string };
  };
  /** Who began it, and the roles of the login then. */
  readonly requestedBy: Pick<ManifestRequest, 'host' | 'user' | 'roles'>;
  /** In the order of the rows in the tables. */
  readonly streams: readonly RunStream[];
  readonly changes: readonly RunChanges[];
  /** Behind both. */
  readonly rereads: readonly RunReread[];
  /** Epoch milliseconds of the server's clock, surely before the first page: the next run asks for changes since then. */
  readonly changesFromMs: number;
  readonly silence: Silence;
  /** Keys of streams that are not read, because the room list shows no change since they were read to their end. */
  readonly unchanged: readonly string[];
  /** How many lists of the job hold, or may hold, messages of earlier runs outside its period. */
  readonly listsOutsidePeriod: number;
  /** Of the lists that it reads by time. */
  readonly hiddenTypes: HiddenTypes;
  /** What earlier runs read, of rooms that the server's list no longer has. */
  readonly gone: readonly GoneStream[];
  /** Rows that the table `rooms` lacks; none when the job does not make it. */
  readonly rooms: readonly PlannedRoom[];
  /** Lists of users and members. */
  readonly people: PlannedPeople;
  /** See withheldRooms. */
  readonly withheld: readonly Room[];
  /** What is known of rooms that are in no list. */
  readonly seen: Pick<SeenRooms, 'channelsLeftOut' | 'unreadable' | 'refused' | 'isOnlyGroups'> & {
    /** Of those in the lists, the ids of discussions. */
    readonly discussions: readonly string[];
    /** How many rooms the lists have. */
    readonly listed: number;
    /** Of these the login's own, as the command `rooms` lists them, whatever the job asks for. Absent: an older program planned the run. */
    readonly joined?: number;
    readonly leftOut: readonly LeftOutRoom[];
  };
  /** Absent: the job reads the whole workspace. */
  readonly shard?: PlannedShard;
}
