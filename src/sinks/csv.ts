import type { Options, stringify } from 'csv-stringify/sync';
import type { Disk } from '../disk.ts';
import { JobError } from '../errors.ts';
import type { Row } from '../tables/column.ts';
import type { CsvCell, CsvColumn } from './csv-cell.ts';
import { csvColumn } from './csv-cell.ts';
import type { CsvOptions } from './sink-options.ts';
import type { Sink, TableWriter, WrittenFile } from './sink.ts';
import { compressionSuffixes } from './text-compression.ts';
import { TextFile } from './text-file.ts';

/** csv-stringify/sync keeps every cell of a call alive: a call over 20,000 rows takes four times as long a row. */
const rowsPerCall = 200;

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
  const stringifyOptions: Options = {
    delimiter,
    record_delimiter: '\n',
    // Without it a bare CR, which readers take for the end of a line, stays unquoted.
    quote_record_delimiter: true,
    escape_formulas: excelSafe,
    // For all cells at once, `quoted_empty` would quote nulls too.
    cast: { string: (text) => (text === '' ? { value: text, quoted_empty: true } : text) },
  };
  return {
    format: 'csv',
    extension: `csv${compressionSuffixes[compression]}`,
    async open(path, { columns }) {
      const library = await import('csv-stringify/sync');
      const file = await TextFile.open(disk, path, compression);
      return new CsvWriter(file, columns.map(csvColumn), library.stringify, stringifyOptions, bom);
    },
  };
}

class CsvWriter implements TableWriter {
  readonly #file: TextFile;
  readonly #columns: readonly CsvColumn[];
  readonly #stringify: typeof stringify;
  readonly #options: Options;
  /** Byte order mark and header, until they are written. */
  #head: readonly string[];
  #rows = 0;

  constructor(
    file: TextFile,
    columns: readonly CsvColumn[],
    stringifyRecords: typeof stringify,
    options: Options,
    bom: boolean,
  ) {
    this.#file = file;
    this.#columns = columns;
    this.#stringify = stringifyRecords;
    this.#options = options;
    this.#head = [bom ? byteOrderMark : '', stringifyRecords([columns.map(({ name }) => name)], options)];
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
    for (let start = 0; start < rows.length; start += rowsPerCall) {
      const records = rows.slice(start, start + rowsPerCall).map((row) => this.#record(row));
      yield this.#stringify(records, this.#options);
    }
  }

  #record(row: Row): CsvCell[] {
    return this.#columns.map(({ name, cell }) => cell(row[name] ?? null));
  }

  #takeHead(): readonly string[] {
    const head = this.#head;
    this.#head = [];
    return head;
  }
}
