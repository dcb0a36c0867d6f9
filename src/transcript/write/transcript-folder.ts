import { dirname, join } from 'node:path';
import type { Disk } from '../../system/disk.ts';

/** The folder that a transcript is written to, file by file. */
export class TranscriptFolder {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #made = new Set<string>();
  files = 0;
  bytes = 0;

  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
  }

  /** @param path relative, with `/` between the parts */
  write(path: string, text: string): Promise<void> {
    return this.writeChunks(path, [Buffer.from(text)]);
  }

  async writeChunks(path: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    const absolute = join(this.#folder, path);
    const parent = dirname(absolute);
    if (!this.#made.has(parent)) {
      await this.#disk.makeFolder(parent);
      this.#made.add(parent);
    }
    const file = await this.#disk.open(absolute, 'truncate');
    try {
      for await (const chunk of chunks) {
        await file.write(chunk);
        this.bytes += chunk.length;
      }
    } finally {
      await file.close();
    }
    this.files += 1;
  }
}
