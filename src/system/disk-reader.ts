import { closeSync, fstatSync, read, readFile, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { attempt } from './disk-errors.ts';
import { openToRead } from './disk-open.ts';
import { OpenFile } from './disk/open-file.ts';
import { diskTurns } from './disk/loop-turns.ts';

/** A file that may grow while it is read. */
export interface DiskReader {
  /** The bytes from one offset up to another, not included; fewer where the file ends. */
  read(fromByte: number, toByte: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** What is read at once: in less time than a thread takes to be woken for it. More lets others have their turn. */
const soonReadBytes = 256 * 1024;

const readLater = promisify(read);
const readAll = promisify(readFile);

const chunkBytes = 1 << 20;

/** So much is asked for where a file ends, in case it has grown. */
const endBytes = 4_096;

/**
 * A file piece by piece, from an offset on. Each piece has another thread read it, but for the nothing at the end: who
 * reads thousands of small files lets timers and signals have their turn at each.
 */
export async function* readPieces(path: string, fromByte = 0): AsyncGenerator<Uint8Array> {
  const file = await openToRead(path);
  try {
    const { size } = fstatSync(file);
    for (let position = fromByte, isAtEnd = false; ;) {
      // Thousands of small files: a megabyte for each would cost more than reading them.
      const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(size - position, endBytes)));
      const bytesRead = isAtEnd
        ? readSync(file, buffer, 0, buffer.length, position)
        : (await readLater(file, buffer, 0, buffer.length, position)).bytesRead;
      if (bytesRead === 0) return;
      position += bytesRead;
      isAtEnd = position === size;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    closeSync(file);
  }
}

export async function readWhole(path: string): Promise<Buffer> {
  const file = await openToRead(path);
  try {
    return await readAll(file);
  } finally {
    closeSync(file);
  }
}

/** @throws OutputError for what cannot be opened, a missing file included */
export async function openReader(path: string): Promise<DiskReader> {
  const file = new OpenFile(await attempt('read', path, () => openToRead(path)));
  return {
    read: (fromByte, toByte) =>
      attempt('read', path, async () => {
        await diskTurns.give();
        const buffer = Buffer.allocUnsafe(toByte - fromByte);
        let filled = 0;
        while (filled < buffer.length) {
          const length = buffer.length - filled;
          const bytesRead =
            length <= soonReadBytes
              ? readSync(file.descriptor, buffer, filled, length, fromByte + filled)
              : (await file.later((descriptor) => readLater(descriptor, buffer, filled, length, fromByte + filled)))
                  .bytesRead;
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return buffer.subarray(0, filled);
      }),
    close: () => file.close(),
  };
}
