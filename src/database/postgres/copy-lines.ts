import type { ColumnSpec, Row, Value } from '../../model/column.ts';
import { jsonText } from '../../sinks/json-text.ts';
import type { NulReplacer } from '../without-nul.ts';

const special = /[\\\n\r\t]/g;
const escaped: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** PostgreSQL counts no further back. Source: PostgreSQL documentation, "Date/Time Types". */
const firstDayMs = Date.UTC(-4712, 0, 1);

/**
 * Lines of COPY's text format, in which no text can be taken for anything else. (In CSV a line of a text that is `\.` ends
 * the data of servers before 18, quotes or not.) Source: PostgreSQL documentation, "COPY", "Text Format".
 */
export function copyLines(columns: readonly ColumnSpec[], nul: NulReplacer): (row: Row) => string {
  const cells = columns.map(({ name, type }): ((row: Row) => string) => {
    const text = cellText(type.kind, nul);
    return (row) => {
      const value = row[name];
      return value === null || value === undefined ? '\\N' : text(value);
    };
  });
  return (row) => {
    let line = '';
    for (const [at, cell] of cells.entries()) line += at === 0 ? cell(row) : `\t${cell(row)}`;
    return `${line}\n`;
  };
}

function cellText(kind: ColumnSpec['type']['kind'], nul: NulReplacer): (value: Value) => string {
  switch (kind) {
    case 'json':
    case 'strings':
    case 'structs':
      return (value) => escape(nul.json(jsonText(value)));
    case 'timestamp':
      return (value) => (value instanceof Date ? timestamp(value) : '\\N');
    case 'string':
    case 'int':
    case 'boolean':
      return (value) => (typeof value === 'string' ? escape(nul.text(value)) : jsonText(value));
  }
}

function escape(text: string): string {
  return text.replace(special, (character) => escaped[character] ?? character);
}

/** Years past 9999 as they are, without JavaScript's sign and zeros; of those before 1 the name. */
function timestamp(date: Date): string {
  const ms = date.getTime();
  if (ms < firstDayMs) return '-infinity';
  const text = date.toISOString();
  const year = date.getUTCFullYear();
  if (year > 0 && year < 10_000) return text;
  const rest = text.slice(text.indexOf('-', 1));
  return year > 0 ? `${year}${rest}` : `${String(1 - year).padStart(4, '0')}${rest} BC`;
}
