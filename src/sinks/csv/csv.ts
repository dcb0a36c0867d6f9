import type { Disk } from '../../system/disk.ts';
import { JobError } from '../../errors.ts';
import type { Row } from '../../model/column.ts';
import { csvColumn } from './csv-cell.ts';
import { CsvLines } from './csv-lines.ts';
import type { CsvOptions } from '../../model/sink-options.ts';
import type { Sink, TableWriter, WrittenFile } from '../sink.ts';
import { compressionSuffixes } from '../compression/text-compression.ts';
import { TextFile } from '../text-file.ts';

const byteOrderMark = '\ufeff';

/** What a reader could not tell from the data, or not in one character. */
const impossibleDelimiter = /["\r\n\0\ufeff\ud800-\udfff]/;

/**
 * CSV as in RFC 4180 with LF, UTF-8 and a header row; fields are quoted where they must be. Null is the empty field,
 * the empty string is `""`; booleans are `true` and `false`; timestamps RFC 3339 in UTC with milliseconds; lists,
 * structs and json are JSON text.
 *
 * Cannot hold: lone surrogates (U+FFFD instead), and with `excelSafe` whether a `'` was there before. Many readers take
 * `""` for null as well (DuckDB unless told `force_not_null`), and types are for the reader to know.
 *
 * @throws JobError for a delimiter that no reader could tell from the rest.
 */
export function createCsvSink(options: CsvOptions, disk: Disk): Sink {
  const { compression = 'none', delimiter = ',', bom = false, excelSafe = false } = options;
  if (delimiter.length !== 1 || impossibleDelimiter.test(delimiter)) {
    throw new JobError(`Cannot separate CSV fields by ${JSON.stringify(delimiter)}: expected one plain character`, {
      hint: 'Choose a comma, a semicolon, a tab or "|"',
    });
  }
  return {
    format: 'csv',
    extension: `csv${compressionSuffixes[compression]}`,
    async open(path, { columns }) {
      const { stringify } = await import('csv-stringify/sync');
      const lines = new CsvLines(columns.map(csvColumn), stringify, { delimiter, excelSafe });
      return new CsvWriter(await TextFile.open(disk, path, compression), lines, bom);
    },
  };
}

class CsvWriter implements TableWriter {
  readonly #file: TextFile;
  readonly #lines: CsvLines;
  /** Byte order mark and header, until they are written. */
  #head: readonly string[];
  #rows = 0;

  constructor(file: TextFile, lines: CsvLines, bom: boolean) {
    this.#file = file;
    this.#lines = lines;
    this.#head = [bom ? byteOrderMark : '', lines.header()];
  }

  async write(rows: readonly Row[]): Promise<void> {
    await this.#file.write(this.#text(rows));
    this.#rows += rows.length;
  }

  async close(): Promise<WrittenFile> {
    try {
      await this.#file.write(this.#takeHead());
    } catch (error) {
      await this.abort();
      throw error;
    }
    return { rows: this.#rows, ...(await this.#file.close()) };
  }

  abort(): Promise<void> {
    return this.#file.abort();
  }

  *#text(rows: readonly Row[]): Generator<string> {
    yield* this.#takeHead();
    for (const row of rows) yield this.#lines.row(row);
  }

  #takeHead(): readonly string[] {
    const head = this.#head;
    this.#head = [];
    return head;
  }
}
