import { dirname, join } from 'node:path';
import pLimit from 'p-limit';
import type { Disk } from '../../system/disk.ts';
import { gzipped } from './gzipped.ts';

/** Behind the name of a journal that is kept. */
export const keptEnding = '.gz';

/** Each waits for the disk once; more do not make it faster. */
const atATime = 8;

/**
 * Compresses the journals of a run, each for itself, into a folder where they wait for the run to be published. Begun anew
 * when it was cut; the journals stay as they are, for a run that is resumed.
 *
 * @param from folder of the journals, closed
 * @param names those to keep; default: all
 */
export async function compressJournals(disk: Disk, from: string, to: string, names?: readonly string[]): Promise<void> {
  await disk.remove(to);
  await disk.makeFolder(to);
  const limit = pLimit(atATime);
  const kept = ((await disk.list(from)) ?? []).filter((name) =>
    names === undefined ? name.endsWith('.pages') : names.includes(name),
  );
  await Promise.all(
    kept.map((name) =>
      limit(() => writeGzip(disk, disk.readChunks(join(from, name)), join(to, `${name}${keptEnding}`))),
    ),
  );
  await disk.syncFolder(to);
  await disk.syncFolder(dirname(to));
}

/** Writes a file anew, compressed, and flushes it. @throws what the chunks throw; OutputError */
export async function writeGzip(disk: Disk, chunks: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  const file = await disk.open(path, 'truncate');
  try {
    for await (const piece of gzipped(chunks)) await file.write(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}
