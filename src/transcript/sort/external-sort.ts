import { join } from 'node:path';
import { compareText } from '../../model/text/compare-text.ts';
import type { Disk } from '../../system/disk.ts';
import { mergeLines } from './merge-lines.ts';

/** Characters of lines in memory before they are sorted and written: with what a text costs, about three times as much. */
const usualRunChars = 8_000_000;

const pieceChars = 250_000;

/**
 * Sorts more lines than the memory holds, by their code units: pieces are sorted in memory and written to files, which
 * `sorted` merges, as often as it is asked.
 */
export class ExternalSort {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #runChars: number;
  #lines: string[] = [];
  #chars = 0;
  #files = 0;

  /** @param folder absolute; whoever made it removes it */
  constructor(disk: Disk, folder: string, runChars = usualRunChars) {
    this.#disk = disk;
    this.#folder = folder;
    this.#runChars = runChars;
  }

  /** @param line without line feeds */
  async add(line: string): Promise<void> {
    this.#lines.push(line);
    this.#chars += line.length;
    if (this.#chars >= this.#runChars) await this.#spill();
  }

  /** All lines, in order. Nothing may be added any more. */
  async *sorted(): AsyncGenerator<string> {
    if (this.#files === 0) {
      this.#lines.sort(compareText);
      yield* this.#lines;
      return;
    }
    await this.#spill();
    const files = Array.from({ length: this.#files }, (_, index) => this.#path(index));
    yield* mergeLines(this.#disk, files);
  }

  async #spill(): Promise<void> {
    if (this.#lines.length === 0) return;
    const lines = this.#lines.sort(compareText);
    this.#lines = [];
    this.#chars = 0;
    await this.#disk.makeFolder(this.#folder);
    const file = await this.#disk.open(this.#path(this.#files), 'truncate');
    try {
      let piece = '';
      for (const line of lines) {
        piece += `${line}\n`;
        if (piece.length < pieceChars) continue;
        await file.write(Buffer.from(piece));
        piece = '';
      }
      await file.write(Buffer.from(piece));
    } finally {
      await file.close();
    }
    this.#files += 1;
  }

  #path(index: number): string {
    return join(this.#folder, `sorted-${index}`);
  }
}
