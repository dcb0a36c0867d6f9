import type { Value } from '../model/column.ts';
import type { RowBatch, RowKind } from '../model/row-batch.ts';

/** How a column is written in a line. */
interface LineColumn {
  /** What stands before its value: a separator, in JSON also the name. */
  readonly before: string;
  readonly text: (value: Value) => string;
}

interface Cell {
  /** What stands between it and the cell before whose value differs, too: separators, and values that all rows have. */
  readonly before: string;
  readonly column: number;
  readonly text: (value: Value) => string;
  /** The last value and its text: rooms, runs and people come again and again. */
  last: Value | undefined;
  lastText: string;
}

interface Line {
  readonly cells: readonly Cell[];
  readonly end: string;
}

/** Makes a line of text of each row: what all rows of a kind have in common is written once, and copied. */
export class RowLines {
  readonly #columns: readonly LineColumn[];
  readonly #end: string;
  readonly #lines = new WeakMap<RowKind, Line>();

  /** @param end what stands behind the last value */
  constructor(columns: readonly LineColumn[], end: string) {
    this.#columns = columns;
    this.#end = end;
  }

  /** @param at of the row within the batch */
  row(batch: RowBatch, at: number): string {
    const kind = batch.kind(at);
    const { cells, end } = this.#lines.get(kind) ?? this.#lineOf(kind);
    let line = '';
    for (const cell of cells) {
      const value = batch.value(cell.column, at);
      if (value !== cell.last) {
        cell.last = value;
        cell.lastText = cell.text(value);
      }
      line += cell.before + cell.lastText;
    }
    return line + end;
  }

  #lineOf(kind: RowKind): Line {
    const cells: Cell[] = [];
    let before = '';
    this.#columns.forEach(({ before: separator, text }, column) => {
      const constant = kind.constants[column];
      before += separator;
      if (constant === undefined) {
        cells.push({ before, column, text, last: undefined, lastText: '' });
        before = '';
      } else {
        before += text(constant);
      }
    });
    const line = { cells, end: before + this.#end };
    this.#lines.set(kind, line);
    return line;
  }
}
