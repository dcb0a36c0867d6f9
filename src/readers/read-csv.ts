import type { Disk } from '../system/disk.ts';
import type { ColumnSpec, Row, Value } from '../model/column.ts';
import { byteOrderMark } from '../model/text/byte-order-mark.ts';
import { CsvRecords, type CsvRecord } from './csv-records.ts';
import { FormatError } from './format-error.ts';
import { readText } from './read-text.ts';
import { cellReader } from './read-value.ts';
import { inRow, positionsOf, rowOfCells } from './row-of-cells.ts';

/** More than any list of columns takes. */
const longestHeader = 1 << 20;

/** What the first line of a CSV file shows. */
interface CsvHeader {
  /** `,` for a file of one column, which has none. */
  readonly delimiter: string;
  readonly bom: boolean;
  readonly columns: readonly string[];
}

/**
 * Rows of a file of the CSV sink. Whether texts were made safe for spreadsheets cannot be seen: they are read as they
 * stand there.
 *
 * @throws FormatError
 */
export async function* readCsv(
  disk: Disk,
  path: string,
  columns: readonly ColumnSpec[],
): AsyncGenerator<readonly Row[]> {
  const { delimiter, bom, columns: fileColumns } = await readCsvHeader(disk, path);
  const toRow = csvRowReader(columns, fileColumns);
  const records = new CsvRecords(delimiter);
  let lines = 0;
  const toRows = (found: readonly CsvRecord[]): readonly Row[] => {
    // The first is the header.
    const dataRecords = lines === 0 ? found.slice(1) : found;
    const before = Math.max(0, lines - 1);
    lines += found.length;
    return dataRecords.map((record, index) => inRow(before + index + 1, () => toRow(record)));
  };
  let isStart = true;
  for await (const text of readText(disk, path)) {
    const rows = toRows(records.push(isStart && bom ? text.slice(byteOrderMark.length) : text));
    isStart = false;
    if (rows.length > 0) yield rows;
  }
  const rest = toRows(records.end());
  if (rest.length > 0) yield rest;
}

function csvRowReader(columns: readonly ColumnSpec[], fileColumns: readonly string[]): (record: CsvRecord) => Row {
  const positions = positionsOf(columns, fileColumns);
  const toRow = rowOfCells(
    columns,
    columns.map((column, index): ((record: CsvRecord) => Value) => {
      const position = positions[index];
      if (position === undefined) return () => null;
      const read = cellReader(column);
      return (record) => read(record[position]);
    }),
  );
  return (record) => {
    if (record.length === fileColumns.length) return toRow(record);
    throw new FormatError(`it has ${record.length} cells, and the header ${fileColumns.length}`);
  };
}

/**
 * Reads the first line. A header's names are words of letters, digits and `_`, so the delimiter is what follows the
 * first: an unquoted name cannot hold the delimiter, a quoted one ends with a quote.
 *
 * @throws FormatError
 */
export async function readCsvHeader(disk: Disk, path: string): Promise<CsvHeader> {
  let text = '';
  for await (const piece of readText(disk, path)) {
    text += piece;
    if (text.includes('\n') || text.length > longestHeader) break;
  }
  const bom = text.startsWith(byteOrderMark);
  const line = text.slice(bom ? byteOrderMark.length : 0, text.indexOf('\n') + 1);
  const [, delimiter = ','] = /^(?:"[^"]*"|\w+)([^\n])/.exec(line) ?? [];
  const [header] = new CsvRecords(delimiter).push(line);
  if (header === undefined) throw new FormatError('it has no header');
  return { delimiter, bom, columns: header.map((name) => name ?? '') };
}
