import type { Column, Row, Value } from '../../model/column.ts';
import type { RowBatch, RowKind } from '../../model/row-batch.ts';
import type { KindOf } from './row-kinds.ts';
import { rowReader } from './row-reader.ts';

/** Rows of one table that are read from their sources cell by cell. */
export class SourceBatch<Source> implements RowBatch {
  readonly #sources: readonly Source[];
  readonly #columns: readonly Column<Source>[];
  readonly #kindOf: KindOf<Source>;

  constructor(sources: readonly Source[], columns: readonly Column<Source>[], kindOf: KindOf<Source>) {
    this.#sources = sources;
    this.#columns = columns;
    this.#kindOf = kindOf;
  }

  get length(): number {
    return this.#sources.length;
  }

  kind(at: number): RowKind {
    return this.#kindOf(this.#source(at));
  }

  value(column: number, at: number): Value {
    return this.#columns[column]?.read(this.#source(at)) ?? null;
  }

  rows(): readonly Row[] {
    return rowReader(this.#columns)(this.#sources);
  }

  slice(from: number, to: number): RowBatch {
    return new SourceBatch(this.#sources.slice(from, to), this.#columns, this.#kindOf);
  }

  #source(at: number): Source {
    const source = this.#sources[at];
    if (source === undefined) throw new RangeError(`A batch of ${this.length} rows has none at ${at}`);
    return source;
  }
}
