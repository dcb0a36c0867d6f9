import { sep } from 'node:path';
import { UsageError } from '../errors.ts';
import type { Disk } from '../system/disk.ts';
import { surroundingArchive } from './surrounding-archive.ts';

/** What to do about an output that cannot be used, a sentence each. */
interface OutputOptions {
  readonly inside?: string;
  readonly taken?: string;
  /** A folder in which nothing is counts as none. */
  readonly mayBeEmpty?: true;
}

/**
 * Refuses to write where something is, or into an archive: neither the one that is read nor another.
 *
 * @param archive absolute; that is read
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
  const isInside = output === archive || output.startsWith(archive + sep);
  const outer = isInside ? archive : await surroundingArchive(disk, output);
  if (outer !== undefined) {
    throw new UsageError(
      `Cannot write "${output}": it is in the archive "${outer}", which holds the files of its runs only`,
      { hint: inside },
    );
  }
  if ((await disk.sizeBytes(output)) === undefined) return;
  if (mayBeEmpty === true && (await disk.list(output))?.length === 0) return;
  throw new UsageError(`Cannot write "${output}": it is there already, and nothing is ever overwritten`, {
    hint: taken,
  });
}
