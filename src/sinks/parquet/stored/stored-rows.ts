import { type LeafChunk, levelAt, storedSizeBytes, textAt, indexAt } from './leaf-chunk.ts';

/** A null takes about as much. */
export const nullSizeBytes = 1;

/** How far a leaf has been read. */
export interface LeafCursor {
  readonly chunk: LeafChunk;
  row: number;
  entry: number;
  value: number;
}

/** A column whose values are read by themselves, too: text or integers, in no list. */
export interface StoredColumn {
  readonly name: string;
  readonly chunk: LeafChunk;
}

/** Rows as they lie in a row group of a file, to be copied column by column: from the first to the last, once. */
export class StoredRows {
  readonly rows: number;
  /** In the order of the schema that they are copied to. */
  readonly leaves: readonly LeafCursor[];
  /** Rows that were copied, or left out. */
  at = 0;
  /** 1 for each row that is to be copied; undefined: all are. */
  #kept: Uint8Array | undefined;
  readonly #columns: readonly StoredColumn[];
  #sizesBytes: Float64Array | undefined;

  constructor(rows: number, leaves: readonly LeafChunk[], columns: readonly StoredColumn[]) {
    this.rows = rows;
    this.leaves = leaves.map((chunk) => ({ chunk, row: 0, entry: 0, value: 0 }));
    this.#columns = columns;
  }

  get kept(): Uint8Array | undefined {
    return this.#kept;
  }

  keptRows(): number {
    return this.#kept?.reduce((sum, one) => sum + one, 0) ?? this.rows;
  }

  hasLeft(): boolean {
    return this.#kept === undefined ? this.at < this.rows : this.#kept.includes(1, this.at);
  }

  isKept(row: number): boolean {
    return this.#kept === undefined || this.#kept[row] === 1;
  }

  /** How far `most` rows that are kept reach, from where the rows were read to; behind the last one to the end. */
  rowAfter(most: number): number {
    let left = most;
    let row = this.at;
    for (; row < this.rows && left > 0; row += 1) if (this.isKept(row)) left -= 1;
    return row;
  }

  /**
   * Leaves rows out.
   *
   * @param names of the columns to look at; a row has those that hold text or integers, and are no lists
   */
  keepWhere(
    names: readonly string[],
    isWanted: (row: Readonly<Record<string, string | number | null>>) => boolean,
  ): void {
    const kept = this.#kept ?? new Uint8Array(this.rows).fill(1);
    const readers = this.#columns
      .filter(({ name }) => names.includes(name))
      .map(({ name, chunk }) => [name, valuesOf(chunk, this.rows)] as const);
    for (let row = 0; row < this.rows; row += 1) {
      if (kept[row] === 0) continue;
      const values: Record<string, string | number | null> = {};
      for (const [name, column] of readers) values[name] = column[row] ?? null;
      if (!isWanted(values)) kept[row] = 0;
    }
    this.#kept = kept;
  }

  /** About how many bytes each row takes uncompressed. */
  sizesBytes(): Float64Array {
    this.#sizesBytes ??= rowSizesBytes(
      this.rows,
      this.leaves.map(({ chunk }) => chunk),
    );
    return this.#sizesBytes;
  }
}

function valuesOf({ mostDefined, definition, values }: LeafChunk, rows: number): (string | number | null)[] {
  const found: (string | number | null)[] = [];
  /** Each different text once. */
  const texts: string[] = [];
  let at = 0;
  for (let row = 0; row < rows; row += 1) {
    if (levelAt(definition, row) < mostDefined || values.kind === 'booleans') {
      found.push(null);
      continue;
    }
    const index = indexAt(values, at);
    at += 1;
    if (values.kind === 'texts') found.push((texts[index] ??= textAt(values, index)));
    else found.push(values.numbers[index] ?? null);
  }
  return found;
}

function rowSizesBytes(rows: number, leaves: readonly LeafChunk[]): Float64Array {
  const sizesBytes = new Float64Array(rows);
  for (const { entries, mostDefined, definition, repetition, values } of leaves) {
    let row = -1;
    let at = 0;
    for (let entry = 0; entry < entries; entry += 1) {
      if (levelAt(repetition, entry) === 0) row += 1;
      let sizeBytes = nullSizeBytes;
      if (levelAt(definition, entry) === mostDefined) {
        sizeBytes = storedSizeBytes(values, at);
        at += 1;
      }
      sizesBytes[row] = (sizesBytes[row] ?? 0) + sizeBytes;
    }
  }
  return sizesBytes;
}
