import { join } from 'node:path';
import { archivePaths, fittingName } from '../archive/paths.ts';
import type { KnownHole, State } from '../archive/state.ts';
import { replaceFile, type Disk } from '../disk.ts';
import { OutputError } from '../errors.ts';
import { changesEndpoint } from '../stream.ts';
import type { EndpointName } from '../job/job.ts';
import type { Room } from '../rocketchat/room.ts';
import type { Cursor, MessageFilters, Via } from '../stream.ts';
import type { Silence } from './plan-changes.ts';
import type { PlannedRoom } from './room-rows.ts';

/** A stream that a run set out to read. */
export interface PlannedStream {
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
  readonly revises: boolean;
  /** Where earlier runs are in the room's other list, if that is further: side tables may have what lies before it. */
  readonly otherCursor?: Cursor;
  /** Where the last run left off. */
  readonly cursor: Cursor;
  /** What earlier runs could not read. */
  readonly holes: readonly KnownHole[];
}

/** A stream that earlier runs read, and that nothing reads any more though the job asks for it. */
export interface GoneStream extends PlannedStream {
  /** `room-kind`: the room is there, of a kind that the endpoint does not read; `room-renamed`: another has its name. */
  readonly reason: 'room-gone' | 'room-kind' | 'room-renamed';
}

/**
 * Why the changes that a server reports of a room cannot be all: it was restored from a backup (see restoredRooms), or the
 * room is back in the list, of which nobody knows what happened to it while it was gone.
 */
export type ComparedFor = 'restored' | 'returned';

/** Changes of a room that a run set out to read: of messages that earlier runs exported. */
export interface PlannedChanges {
  readonly room: Room;
  /** Since when; see ReadChangesOptions. */
  readonly cursor: Cursor;
  /** By message table: keys of changes that it has, see ExportedVersions. */
  readonly known: Readonly<Record<string, readonly string[]>>;
  /** Whether some table of the job lacks changes that others have: `cursor` and `known` are those of that table. */
  readonly isBehind?: true;
  /** Whether earlier runs read all messages of the room, and this one those that mention the login. */
  readonly isPart?: true;
  /** Why the room is read again from its beginning, and compared with the archive; null: it is not. */
  readonly compared: ComparedFor | null;
  /** Whose rows they bring up to date, and how far those had been read before this run: what is newer comes from there. */
  readonly revised: readonly Pick<PlannedStream, 'key' | 'endpoint' | 'via' | 'filters' | 'pageSize' | 'cursor'>[];
}

/**
 * What a run set out to do, written before its first page. A run that was cut goes on with the same rooms in the same
 * order, so that it ends with the same bytes as if it had not been.
 */
export interface OpenRun {
  readonly version: 6;
  readonly run: number;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Of the part of the job that decides what is read: another one cannot go on with these pages. */
  readonly extractSha256: string;
  readonly server: {
    readonly url: string;
    readonly version: string | null;
    readonly user: { readonly id: string; readonly username: string };
  };
  /** In the order of the rows in the tables. */
  readonly streams: readonly PlannedStream[];
  readonly changes: readonly PlannedChanges[];
  /** Epoch milliseconds of the server's clock, surely before the first page: the next run asks for changes since then. */
  readonly changesFromMs: number;
  readonly silence: Silence;
  /** Keys of streams that are not read, because the room list shows no change since they were read to their end. */
  readonly unchanged: readonly string[];
  /** What earlier runs read, of rooms that the server's list no longer has. */
  readonly gone: readonly GoneStream[];
  /** Rows that the table `rooms` lacks; none when the job does not make it. */
  readonly rooms: readonly PlannedRoom[];
  /** See withheldRooms; absent in a run that an older program began. */
  readonly withheld?: readonly Room[];
}

/** Where the pages of a stream are kept while the run is open. */
export function journalPath(archive: string, index: number, { endpoint, room }: PlannedStream): string {
  return journalFile(archive, index, endpoint, room);
}

/** The same for the changes of a room, numbered on behind the streams. */
export function changesPath(archive: string, { streams, changes }: OpenRun, index: number): string {
  const planned = changes[index];
  if (planned === undefined) throw new Error(`The run reads no changes number ${index}`);
  return journalFile(archive, streams.length + index, changesEndpoint, planned.room);
}

function journalFile(archive: string, index: number, endpoint: string, room: Room): string {
  const number = String(index + 1).padStart(4, '0');
  return join(archive, archivePaths.journal, `${number}-${endpoint}-${fittingName(encodeURIComponent(room.id))}.pages`);
}

/**
 * The run that was cut, if there is one that this job can go on with.
 *
 * @throws OutputError when its file is damaged: what was read so far is not thrown away unasked
 */
export async function readOpenRun(
  disk: Disk,
  archive: string,
  state: State,
  extractSha256: string,
): Promise<OpenRun | undefined> {
  const path = join(archive, archivePaths.openRun);
  const text = await disk.readFile(path);
  if (text === undefined) return undefined;
  const openRun = parseOpenRun(path, text);
  const isOurs = openRun.version === 6 && openRun.run === state.run + 1 && openRun.extractSha256 === extractSha256;
  return isOurs ? (openRun as OpenRun) : undefined;
}

function parseOpenRun(path: string, text: Buffer): Partial<OpenRun> {
  try {
    // replaceFile wrote it whole or not at all; another version of the program may have written it differently.
    return JSON.parse(text.toString()) as Partial<OpenRun>;
  } catch (cause) {
    throw new OutputError(`Cannot resume the run in "${path}": the file is damaged`, {
      cause,
      hint: `Restore the file from a backup, or remove "${path}": then the run starts over`,
    });
  }
}

export async function writeOpenRun(disk: Disk, archive: string, openRun: OpenRun): Promise<void> {
  await disk.remove(join(archive, archivePaths.work));
  await disk.makeFolder(join(archive, archivePaths.journal));
  await replaceFile(disk, join(archive, archivePaths.openRun), `${JSON.stringify(openRun, null, 2)}\n`);
  await disk.syncFolder(archive);
}
