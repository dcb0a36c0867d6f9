import { createHash } from 'node:crypto';
import type { Disk } from '../system/disk.ts';

export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Of a text that comes piece by piece. */
export function sha256OfPieces(pieces: Iterable<Uint8Array | string>): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

/** What comes through, hashed on its way. Call `digest` when all has come. */
export function hashed(chunks: AsyncIterable<Uint8Array>): {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly digest: () => string;
} {
  const hash = createHash('sha256');
  async function* through(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  }
  return { chunks: through(), digest: () => hash.digest('hex') };
}

/** Reads a file of any size in bounded memory; returns its SHA-256 in lower-case hex. @throws OutputError */
export async function hashFile(disk: Disk, path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of disk.readChunks(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** The same; undefined where there is no such file. */
export async function hashIfThere(disk: Disk, path: string): Promise<string | undefined> {
  return (await disk.sizeBytes(path)) === undefined ? undefined : hashFile(disk, path);
}
