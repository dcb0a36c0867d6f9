import { createHash } from 'node:crypto';
import type { Disk } from '../system/disk.ts';
import type { FileDigest } from './output-file.ts';

/** Flushes a file that somebody else's code wrote, and reads it once for its size and hash. */
export async function measureFile(disk: Disk, path: string): Promise<FileDigest> {
  const file = await disk.open(path, 'append');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of disk.readChunks(path)) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}
