import type { Disk } from '../../system/disk.ts';
import type { Row } from '../../model/column.ts';
import { JsonLines } from './json-lines.ts';
import type { JsonlOptions } from '../../model/sink-options.ts';
import type { Sink, TableWriter, WrittenFile } from '../sink.ts';
import { compressionSuffixes } from '../compression/text-compression.ts';
import { TextFile } from '../text-file.ts';

/**
 * JSON Lines: one object per row and line, UTF-8, LF, in the columns' order, every column present. Values are JSON's own;
 * timestamps are strings, RFC 3339 in UTC with milliseconds; columns of json are JSON text.
 *
 * Cannot hold: lone surrogates (U+FFFD instead). Nothing else is lost.
 */
export function createJsonlSink({ compression = 'none' }: JsonlOptions, disk: Disk): Sink {
  return {
    format: 'jsonl',
    extension: `jsonl${compressionSuffixes[compression]}`,
    open: async (path, { columns }) =>
      new JsonlWriter(await TextFile.open(disk, path, compression), new JsonLines(columns)),
  };
}

class JsonlWriter implements TableWriter {
  readonly #file: TextFile;
  readonly #lines: JsonLines;
  #rows = 0;

  constructor(file: TextFile, lines: JsonLines) {
    this.#file = file;
    this.#lines = lines;
  }

  async write(rows: readonly Row[]): Promise<void> {
    await this.#file.write(this.#text(rows));
    this.#rows += rows.length;
  }

  async close(): Promise<WrittenFile> {
    return { rows: this.#rows, ...(await this.#file.close()) };
  }

  abort(): Promise<void> {
    return this.#file.abort();
  }

  *#text(rows: readonly Row[]): Generator<string> {
    for (const row of rows) yield this.#lines.row(row);
  }
}
