import { join } from 'node:path';
import type { Disk } from '../../system/disk.ts';
import type { DiskReader } from '../../system/disk-reader.ts';
import type { StoredFrame } from '../frame.ts';
import { framesIn } from '../read-frames.ts';
import { sharedJournalName, type SharedPlace } from './shared-journal.ts';

/** Reads journals from the shared one while it is written, and keeps it open meanwhile. */
export class SharedTail {
  readonly #disk: Disk;
  readonly #path: string;
  #reader: DiskReader | undefined;

  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#path = join(folder, sharedJournalName);
  }

  /** The frames of one journal, as far as they are whole. */
  async *framesAt({ startByte, endByte }: SharedPlace): AsyncGenerator<StoredFrame> {
    this.#reader ??= await this.#disk.openToRead(this.#path);
    yield* framesIn([await this.#reader.read(startByte, endByte)], 0);
  }

  async close(): Promise<void> {
    await this.#reader?.close();
  }
}
