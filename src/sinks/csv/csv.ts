import type { Disk } from '../../system/disk.ts';
import { JobError } from '../../errors.ts';
import { csvHeader, csvLines } from './csv-lines.ts';
import type { CsvOptions } from '../../model/sink-options.ts';
import { byteOrderMark } from '../../model/text/byte-order-mark.ts';
import { LineWriter, onePerColumns } from '../line-writer.ts';
import type { Sink } from '../sink.ts';
import { compressionSuffixes } from '../compression/text-compression.ts';
import { TextFile } from '../text-file.ts';

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
  const dialect = { delimiter, excelSafe };
  const linesOf = onePerColumns((columns) => csvLines(columns, dialect));
  return {
    format: 'csv',
    extension: `csv${compressionSuffixes[compression]}`,
    async open(path, { columns }) {
      const head = (bom ? byteOrderMark : '') + csvHeader(columns, dialect);
      return new LineWriter(await TextFile.open(disk, path, compression), columns, linesOf(columns), head);
    },
  };
}
