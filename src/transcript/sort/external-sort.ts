import { join } from 'node:path';
import type { Disk } from '../../system/disk.ts';
import { LineBuffer } from './line-buffer.ts';
import { mergeLines, type SortedFile } from './merge-lines.ts';

/** Of lines in memory before they are sorted and written. */
const usualBytes = 8 << 20;

/**
 * Sorts more lines than the memory holds, by their bytes in UTF-8: pieces are sorted in memory and written to files, which
 * `sorted` merges, as often as it is asked.
 */
export class ExternalSort {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #lines: LineBuffer;
  readonly #files: SortedFile[] = [];

  /** @param folder absolute; whoever made it removes it */
  constructor(disk: Disk, folder: string, mostBytes = usualBytes) {
    this.#disk = disk;
    this.#folder = folder;
    this.#lines = new LineBuffer(mostBytes);
  }

  /** @param line without line feeds. @returns what to wait for before the next one; undefined: nothing, as for most */
  add(line: string): Promise<void> | undefined {
    if (this.#lines.add(line)) return undefined;
    return this.#spill().then(() => void this.#lines.add(line));
  }

  /** All lines, in order. Nothing may be added any more. */
  async *sorted(): AsyncGenerator<string> {
    for await (const batch of this.batches()) yield* batch;
  }

  /** The same, some at a time. */
  batches(): AsyncIterable<readonly string[]> {
    return mergeLines(this.#disk, async () => {
      if (this.#files.length > 0) await this.#spill();
      return { files: this.#files, lines: this.#lines.sorted() };
    });
  }

  async #spill(): Promise<void> {
    const first = this.#lines.first();
    if (first === undefined) return;
    await this.#disk.makeFolder(this.#folder);
    const path = join(this.#folder, `sorted-${this.#files.length}`);
    const file = await this.#disk.open(path, 'truncate');
    try {
      for (const piece of this.#lines.pieces()) await file.write(piece);
    } finally {
      await file.close();
    }
    this.#files.push({ path, first });
    this.#lines.clear();
  }
}
