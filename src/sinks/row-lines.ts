import type { Value } from '../model/column.ts';
import type { RowBatch, RowKind } from '../model/row-batch.ts';
import { TextBuffer } from './text-buffer.ts';

/** How a column is written in a line. */
interface LineColumn {
  /** What stands before its value: a separator, in JSON also the name. */
  readonly before: string;
  readonly put: (value: Value, line: TextBuffer) => void;
}

interface Cell extends Pick<LineColumn, 'put'> {
  /** What stands between it and the cell before whose value differs, too: separators, and values that all rows have. */
  readonly before: Uint8Array;
  readonly column: number;
}

interface Line {
  readonly cells: readonly Cell[];
  readonly end: Uint8Array;
}

/** Of one line, to begin with. */
const lineSizeBytes = 4096;

/** Makes a line of text of each row: what all rows of a kind have in common is written once, and copied. */
export class RowLines {
  readonly #columns: readonly LineColumn[];
  readonly #end: string;
  readonly #lines = new WeakMap<RowKind, Line>();
  #single: TextBuffer | undefined;

  /** @param end what stands behind the last value */
  constructor(columns: readonly LineColumn[], end: string) {
    this.#columns = columns;
    this.#end = end;
  }

  /** @param at of the row within the batch @param text takes the line as UTF-8 */
  put(batch: RowBatch, at: number, text: TextBuffer): void {
    const kind = batch.kind(at);
    const { cells, end } = this.#lines.get(kind) ?? this.#lineOf(kind);
    for (const { before, column, put } of cells) {
      text.put(before);
      put(batch.value(column, at), text);
    }
    text.put(end);
  }

  /** The line as a string. */
  row(batch: RowBatch, at: number): string {
    this.#single ??= new TextBuffer(lineSizeBytes);
    // Of a row whose value could not be written there may be a part.
    this.#single.take();
    this.put(batch, at, this.#single);
    return this.#single.take().toString();
  }

  #lineOf(kind: RowKind): Line {
    const cells: Cell[] = [];
    const text = new TextBuffer(lineSizeBytes);
    this.#columns.forEach(({ before, put }, column) => {
      const constant = kind.constants[column];
      text.putText(before);
      if (constant === undefined) cells.push({ before: Uint8Array.from(text.take()), column, put });
      else put(constant, text);
    });
    text.putText(this.#end);
    const line = { cells, end: Uint8Array.from(text.take()) };
    this.#lines.set(kind, line);
    return line;
  }
}
