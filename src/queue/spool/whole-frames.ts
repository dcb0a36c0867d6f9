import type { Disk } from '../../system/disk.ts';

/**
 * Copies the first bytes of a journal, which may be written on at this moment, to another place, perhaps on another file
 * system. A reader of that place sees nothing or all of them; the caller flushes its folder.
 *
 * @param sizeBytes of whole frames
 */
export async function copyWholeFrames(disk: Disk, from: string, to: string, sizeBytes: number): Promise<void> {
  const temporary = `${to}.tmp`;
  const file = await disk.open(temporary, 'truncate');
  try {
    let leftBytes = sizeBytes;
    for await (const chunk of disk.readChunks(from)) {
      const bytes = chunk.subarray(0, leftBytes);
      await file.write(bytes);
      leftBytes -= bytes.length;
      if (leftBytes === 0) break;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(temporary, to);
}
