import { join } from 'node:path';
import { hashFile } from '../../archive/hash-file.ts';
import { walkFiles } from '../../archive/walk-files.ts';
import type { Disk } from '../../system/disk.ts';
import { madeFile, readMade, type MadeFile, type MadeTranscript } from './made-files.ts';

/**
 * What a transcript says of its making, as far as its files are what it says: what was cut while it was being brought up to
 * date says nothing. Every file is read, which takes little beside the rows: what somebody changed in a page is not to stay.
 *
 * @returns undefined: all of it is to be made anew
 */
export async function madeBefore(disk: Disk, folder: string, signal: AbortSignal): Promise<MadeTranscript | undefined> {
  const bytes = await disk.readFile(join(folder, madeFile));
  const made = bytes === undefined ? undefined : readMade(bytes);
  if (made === undefined) return undefined;
  const files = new Map<string, MadeFile>();
  for await (const { name, path, sizeBytes } of walkFiles(disk, folder)) {
    signal.throwIfAborted();
    const file = made.files.get(name);
    if (file?.sizeBytes === sizeBytes && file.sha256 === (await hashFile(disk, path))) files.set(name, file);
  }
  return { ...made, files };
}
