import { createHash } from 'node:crypto';
import type { Disk } from '../system/disk.ts';

export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Reads a file of any size in bounded memory; returns its SHA-256 in lower-case hex. @throws OutputError */
export async function hashFile(disk: Disk, path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of disk.readChunks(path)) hash.update(chunk);
  return hash.digest('hex');
}
