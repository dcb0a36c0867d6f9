import { readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { attempt } from './disk-errors.ts';

/** A file that may grow while it is read. */
export interface DiskReader {
  /** The bytes from one offset up to another, not included; fewer where the file ends. */
  read(fromByte: number, toByte: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** What is read at once: in less time than a thread takes to be woken for it. More lets others have their turn. */
const soonReadBytes = 256 * 1024;

/** @throws OutputError for what cannot be opened, a missing file included */
export async function openReader(path: string): Promise<DiskReader> {
  const handle = await attempt('read', path, () => open(path, 'r'));
  return {
    read: (fromByte, toByte) =>
      attempt('read', path, async () => {
        const buffer = Buffer.allocUnsafe(toByte - fromByte);
        let filled = 0;
        while (filled < buffer.length) {
          const length = buffer.length - filled;
          const bytesRead =
            length <= soonReadBytes
              ? readSync(handle.fd, buffer, filled, length, fromByte + filled)
              : (await handle.read(buffer, filled, length, fromByte + filled)).bytesRead;
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return buffer.subarray(0, filled);
      }),
    close: () => handle.close(),
  };
}
