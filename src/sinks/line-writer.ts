import type { ColumnSpec, Row } from '../model/column.ts';
import { anyKind, batchOfRows, type RowBatch, type RowKind } from '../model/row-batch.ts';
import type { RowLines } from './row-lines.ts';
import type { TableWriter, WrittenFile } from './sink.ts';
import type { TextFile } from './text-file.ts';

/** Writes rows as lines of text behind a head. */
export class LineWriter implements TableWriter {
  readonly #file: TextFile;
  readonly #columns: readonly ColumnSpec[];
  readonly #anyKind: RowKind;
  readonly #lines: RowLines;
  /** Until it is written. */
  #head: string;
  #rows = 0;

  constructor(file: TextFile, columns: readonly ColumnSpec[], lines: RowLines, head = '') {
    this.#file = file;
    this.#columns = columns;
    this.#anyKind = anyKind(columns);
    this.#lines = lines;
    this.#head = head;
  }

  write(rows: readonly Row[]): Promise<void> {
    return this.writeFrom(batchOfRows(rows, this.#columns, this.#anyKind));
  }

  async writeFrom(batch: RowBatch): Promise<void> {
    this.#putHead();
    for (let at = 0; at < batch.length; at += 1) {
      this.#lines.put(batch, at, this.#file.text);
      const written = this.#file.flushWhenFull();
      if (written !== undefined) await written;
    }
    this.#rows += batch.length;
  }

  async close(): Promise<WrittenFile> {
    this.#putHead();
    return { rows: this.#rows, ...(await this.#file.close()) };
  }

  abort(): Promise<void> {
    return this.#file.abort();
  }

  #putHead(): void {
    this.#file.text.putText(this.#head);
    this.#head = '';
  }
}

/** Makes what depends on the columns of a table once for all of its files: there may be one per room. */
export function onePerColumns<Made>(
  make: (columns: readonly ColumnSpec[]) => Made,
): (columns: readonly ColumnSpec[]) => Made {
  const made = new WeakMap<readonly ColumnSpec[], Made>();
  return (columns) => {
    const known = made.get(columns);
    if (known !== undefined) return known;
    const fresh = make(columns);
    made.set(columns, fresh);
    return fresh;
  };
}
