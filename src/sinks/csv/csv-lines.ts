import type { ColumnSpec } from '../../model/column.ts';
import { RowLines } from '../row-lines.ts';
import { type CsvCell, csvCell } from './csv-cell.ts';

interface CsvDialect {
  /** One UTF-16 unit. */
  readonly delimiter: string;
  /** Put `'` before texts that a spreadsheet would run. */
  readonly excelSafe: boolean;
}

/** What a spreadsheet takes for the beginning of a formula, full-width signs as well. Source: csv-stringify, escape_formulas. */
export const formulaStart = /^[=+\-@\t\r\uff0b\uff0d\uff1d\uff20]/;

/** Lines of CSV as csv-stringify writes them, which the tests compare, in a tenth of its time: it looks at every cell. */
export function csvLines(columns: readonly ColumnSpec[], dialect: CsvDialect): RowLines {
  const text = cellText(dialect);
  return new RowLines(
    columns.map((column, at) => {
      const cell = csvCell(column);
      return { before: at === 0 ? '' : dialect.delimiter, put: (value, line) => line.putText(text(cell(value))) };
    }),
    '\n',
  );
}

/** Quoted, though no name needs it: by it readers that guess (DuckDB, from the first rows) see what quotes mean here. */
export function csvHeader(columns: readonly ColumnSpec[], { delimiter }: CsvDialect): string {
  return `${columns.map(({ name }) => `"${name}"`).join(delimiter)}\n`;
}

/** How a cell stands in a line: RFC 4180. */
export function cellText({ delimiter, excelSafe }: CsvDialect): (cell: CsvCell) => string {
  const unit = `\\u${delimiter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  // A bare CR, too, which readers take for the end of a line.
  const special = new RegExp(`["\\r\\n${unit}]`);
  return (cell) => {
    if (cell === null) return '';
    // Quotes tell the empty text from null.
    if (cell === '') return '""';
    // Numbers stay numbers: -1 is no formula.
    const text = excelSafe && typeof cell === 'string' && formulaStart.test(cell) ? `'${cell}` : String(cell);
    return special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
}
