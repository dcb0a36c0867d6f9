import { dirname, sep } from 'node:path';
import { UsageError } from '../errors.ts';
import type { Disk } from '../system/disk.ts';
import { expectArchive } from './expect-archive.ts';
import { surroundingArchive } from './surrounding-archive.ts';

/** What to do about an output that cannot be used, a sentence each. */
interface OutputOptions {
  readonly inside?: string;
  readonly taken?: string;
  /** A folder in which nothing is counts as none. */
  readonly mayBeEmpty?: true;
}

/**
 * Refuses to write where something is, below a file, or into an archive: neither the one that is read nor another.
 *
 * @param archive absolute; that is read, and must be one: a mistake there is said before one in the output
 * @param output absolute
 * @throws UsageError
 */
export async function expectNewOutput(
  disk: Disk,
  archive: string,
  output: string,
  options: OutputOptions = {},
): Promise<void> {
  const { inside = 'Choose a folder elsewhere', taken = 'Remove it, or choose another name', mayBeEmpty } = options;
  await expectArchive(disk, archive, 'read');
  const isInside = output === archive || output.startsWith(archive + sep);
  const outer = isInside ? archive : await surroundingArchive(disk, output);
  if (outer !== undefined) {
    throw new UsageError(
      `Cannot write "${output}": it is in the archive "${outer}", which holds the files of its runs only`,
      { hint: inside },
    );
  }
  if ((await disk.sizeBytes(output)) === undefined) return expectFolderAbove(disk, output);
  if (mayBeEmpty === true && (await disk.list(output))?.length === 0) return;
  throw new UsageError(`Cannot write "${output}": it is there already, and nothing is ever overwritten`, {
    hint: taken,
  });
}

/** Else the first thing to fail is a file that this program makes beside the output, whose name nobody has typed. */
async function expectFolderAbove(disk: Disk, output: string): Promise<void> {
  for (let folder = dirname(output), inner = output; folder !== inner; inner = folder, folder = dirname(folder)) {
    // One that cannot be listed may be written to all the same.
    if ((await disk.list(folder).catch(() => [])) !== undefined) return;
    if ((await disk.sizeBytes(folder)) === undefined) continue;
    throw new UsageError(`Cannot write "${output}": "${folder}" is a file`, { hint: 'Choose a folder elsewhere' });
  }
}
