import type { Disk } from '../system/disk.ts';
import type { DiskReader } from '../system/disk-reader.ts';
import type { StoredFrame } from './frame.ts';
import { framesIn } from './read-frames.ts';

const chunkBytes = 1 << 20;

/** Reads a journal while it is written: each time as far as it is known to go. */
export class JournalTail {
  readonly #disk: Disk;
  readonly #path: string;
  #reader: DiskReader | undefined;
  /** Bytes of the frames that have been read. */
  readBytes = 0;

  constructor(disk: Disk, path: string) {
    this.#disk = disk;
    this.#path = path;
  }

  /** The frames up to a byte of the file. Ends before one that is damaged. */
  async *framesTo(sizeBytes: number): AsyncGenerator<StoredFrame> {
    if (sizeBytes <= this.readBytes) return;
    this.#reader ??= await this.#disk.openToRead(this.#path);
    for await (const frame of framesIn(chunksOf(this.#reader, this.readBytes, sizeBytes), this.readBytes)) {
      this.readBytes = frame.endByte;
      yield frame;
    }
  }

  async close(): Promise<void> {
    await this.#reader?.close();
  }
}

async function* chunksOf(reader: DiskReader, fromByte: number, toByte: number): AsyncGenerator<Uint8Array> {
  for (let at = fromByte; at < toByte; at += chunkBytes) {
    const chunk = await reader.read(at, Math.min(toByte, at + chunkBytes));
    if (chunk.length === 0) return;
    yield chunk;
  }
}
