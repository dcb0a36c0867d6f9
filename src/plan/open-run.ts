import type { PlannedStream, OpenRun } from './run-plan.ts';
import { join } from 'node:path';
import { archivePaths, fittingName } from '../archive/paths.ts';
import type { State } from '../archive/state/state.ts';
import { replaceFile, type Disk } from '../system/disk.ts';
import { OutputError } from '../errors.ts';
import { changesEndpoint } from '../model/stream.ts';
import type { Room } from '../model/room.ts';

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
