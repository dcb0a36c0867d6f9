import type { ColumnSpec, Value } from '../tables/column.ts';
import { jsonText } from './json-text.ts';
import { timestampText } from './timestamp-text.ts';

export interface CsvDialect {
  /** One UTF-16 unit. */
  readonly delimiter: string;
  /** Put `'` before texts that a spreadsheet would run. */
  readonly excelSafe: boolean;
}

/** What spreadsheets take for the beginning of a formula, full-width signs as well. Source: OWASP, "CSV Injection". */
const formulaStart = /^[=+\-@\t\r\uff0b\uff0d\uff1d\uff20]/;

/**
 * How the values of a column are written in CSV, quotes included. A cell is quoted when it holds a quote, the delimiter,
 * LF or CR, or is the empty text, which quotes tell from null.
 */
export function csvCell({ type }: Pick<ColumnSpec, 'type'>, dialect: CsvDialect): (value: Value) => string {
  const { excelSafe } = dialect;
  const quoted = quoting(dialect);
  const text = (value: string): string => quoted(excelSafe && formulaStart.test(value) ? `'${value}` : value);
  const json = (value: Value): string => (value === null ? '' : text(jsonText(value)));
  switch (type.kind) {
    case 'string':
      return (value) => (typeof value === 'string' ? text(value) : json(value));
    case 'timestamp':
      return (value) => (value instanceof Date ? quoted(timestampText(value)) : json(value));
    case 'int':
      // A number runs nothing, however it begins: -1 stays -1.
      return (value) => (typeof value === 'number' ? quoted(String(value)) : json(value));
    case 'boolean':
    case 'json':
      return json;
    case 'strings':
    case 'structs': {
      const emptyList = text('[]');
      return (value) => (Array.isArray(value) && value.length === 0 ? emptyList : json(value));
    }
  }
}

/** RFC 4180. Readers take a bare CR for the end of a line, too. */
function quoting({ delimiter }: CsvDialect): (text: string) => string {
  const unit = `\\u${delimiter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const special = new RegExp(`^$|["\\r\\n${unit}]`);
  return (text) => (special.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
}
