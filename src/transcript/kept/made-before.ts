import { join } from 'node:path';
import { walkFiles } from '../../archive/walk-files.ts';
import type { Disk } from '../../system/disk.ts';
import { madeFile, readMade, type MadeTranscript } from './made-files.ts';

/**
 * What a transcript says of its making, as far as its files are there in the size that it says: what was cut while it was
 * being brought up to date says nothing. undefined: all of it is to be made anew.
 */
export async function madeBefore(disk: Disk, folder: string): Promise<MadeTranscript | undefined> {
  const bytes = await disk.readFile(join(folder, madeFile));
  const made = bytes === undefined ? undefined : readMade(bytes);
  if (made === undefined) return undefined;
  const sizes = new Map<string, number>();
  for await (const { name, sizeBytes } of walkFiles(disk, folder)) sizes.set(name, sizeBytes);
  return { ...made, files: new Map([...made.files].filter(([path, file]) => sizes.get(path) === file.sizeBytes)) };
}
