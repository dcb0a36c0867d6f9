import type { Options, stringify } from 'csv-stringify/sync';
import type { Row } from '../../model/column.ts';
import type { CsvCell, CsvColumn } from './csv-cell.ts';

export interface CsvDialect {
  /** One UTF-16 unit. */
  readonly delimiter: string;
  /** Put `'` before texts that a spreadsheet would run. */
  readonly excelSafe: boolean;
}

/** What csv-stringify takes for the beginning of a formula, full-width signs as well. */
const formulaStart = String.raw`^[=+\-@\t\r\uff0b\uff0d\uff1d\uff20]`;

/**
 * Makes lines of rows with csv-stringify, which is given the piece of each row from the first cell to the last that may
 * need quotes. It looks at every cell for half a microsecond; of the fifty of a message one or two need it, and beside
 * each other. The others are written as they are.
 */
export class CsvLines {
  readonly #columns: readonly CsvColumn[];
  readonly #stringify: typeof stringify;
  readonly #delimiter: string;
  readonly #options: Options;
  readonly #special: RegExp;

  constructor(columns: readonly CsvColumn[], stringifyRecords: typeof stringify, { delimiter, excelSafe }: CsvDialect) {
    this.#columns = columns;
    this.#stringify = stringifyRecords;
    this.#delimiter = delimiter;
    this.#options = {
      delimiter,
      eof: false,
      // Without it a bare CR, which readers take for the end of a line, stays unquoted.
      quote_record_delimiter: true,
      escape_formulas: excelSafe,
      // For all cells at once, `quoted_empty` would quote nulls too.
      cast: { string: (text) => (text === '' ? { value: text, quoted_empty: true } : text) },
    };
    const unit = `\\u${delimiter.charCodeAt(0).toString(16).padStart(4, '0')}`;
    // ^$: the empty text, which quotes tell from null.
    this.#special = new RegExp(`^$|["\\r\\n${unit}]${excelSafe ? `|${formulaStart}` : ''}`);
  }

  /** Quoted, though no name needs it: by it readers that guess (DuckDB, from the first rows) see what quotes mean here. */
  header(): string {
    return `${this.#columns.map(({ name }) => `"${name}"`).join(this.#delimiter)}\n`;
  }

  row(row: Row): string {
    return this.#line(this.#columns.map(({ name, cell }) => cell(row[name] ?? null)));
  }

  #line(cells: readonly CsvCell[]): string {
    const texts: string[] = [];
    let first = -1;
    let last = -1;
    for (let at = 0; at < cells.length; at++) {
      const cell = cells[at] ?? null;
      const text = cell === null ? '' : String(cell);
      texts.push(text);
      if (cell === null || !this.#special.test(text)) continue;
      if (first === -1) first = at;
      last = at;
    }
    if (first >= 0) {
      const piece = this.#stringify([cells.slice(first, last + 1)], this.#options);
      texts.splice(first, last + 1 - first, piece);
    }
    return `${texts.join(this.#delimiter)}\n`;
  }
}
