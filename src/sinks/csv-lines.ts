import type { ColumnSpec, Row, Value } from '../tables/column.ts';
import { csvCell, type CsvDialect } from './csv-cell.ts';

interface CsvColumn {
  readonly name: string;
  readonly cell: (value: Value) => string;
}

/** Makes a line of CSV of each row. */
export class CsvLines {
  readonly #columns: readonly CsvColumn[];
  readonly #dialect: CsvDialect;

  constructor(columns: readonly ColumnSpec[], dialect: CsvDialect) {
    this.#columns = columns.map((column) => ({ name: column.name, cell: csvCell(column, dialect) }));
    this.#dialect = dialect;
  }

  header(): string {
    const nameCell = csvCell({ type: { kind: 'string' } }, this.#dialect);
    return `${this.#columns.map(({ name }) => nameCell(name)).join(this.#dialect.delimiter)}\n`;
  }

  row(row: Row): string {
    const { delimiter } = this.#dialect;
    let line = '';
    let separator = '';
    for (const { name, cell } of this.#columns) {
      const value = row[name] ?? null;
      line += value === null ? separator : separator + cell(value);
      separator = delimiter;
    }
    return `${line}\n`;
  }
}
