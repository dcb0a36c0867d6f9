import type { LeafPlace } from '../../sinks/parquet/leaf-places.ts';
import { indexAt, type LeafChunk, levelAt, type StoredValues, textAt } from '../../sinks/parquet/stored/leaf-chunk.ts';

const noElements: readonly unknown[] = [];

/** The values of one leaf of a row group by row: as they are, in lists, or in lists of lists; null where there is none. */
export class LeafCells {
  readonly #chunk: LeafChunk;
  /** For each list around the values, the outermost first, the level from which on it has an element. */
  readonly #filled: readonly number[];
  readonly #valueAt: (at: number) => unknown;
  #entry = 0;
  #value = 0;

  /** @param isTime whether its integers are epoch milliseconds, and become Dates */
  constructor(chunk: LeafChunk, { repetitions }: LeafPlace, isTime: boolean) {
    this.#chunk = chunk;
    this.#filled = repetitions.flatMap((repetition, at) =>
      repetition === 'REPEATED' ? [repetitions.slice(0, at + 1).filter((one) => one !== 'REQUIRED').length] : [],
    );
    this.#valueAt = valuesOf(chunk.values, isTime);
  }

  /** Of the next row. */
  next(): unknown {
    return this.#cell(0);
  }

  /** Leaves out the next row. */
  skip(): void {
    const { entries, definition, repetition, mostDefined } = this.#chunk;
    do {
      if (levelAt(definition, this.#entry) === mostDefined) this.#value += 1;
      this.#entry += 1;
    } while (this.#entry < entries && levelAt(repetition, this.#entry) > 0);
  }

  /** @param depth lists that it is in */
  #cell(depth: number): unknown {
    const { entries, definition, repetition, mostDefined } = this.#chunk;
    const level = levelAt(definition, this.#entry);
    const filled = this.#filled[depth];
    if (filled === undefined) {
      this.#entry += 1;
      if (level < mostDefined) return null;
      this.#value += 1;
      return this.#valueAt(this.#value - 1);
    }
    if (level < filled) {
      this.#entry += 1;
      return level === filled - 1 ? noElements : null;
    }
    const elements: unknown[] = [];
    do elements.push(this.#cell(depth + 1));
    while (this.#entry < entries && levelAt(repetition, this.#entry) === depth + 1);
    return elements;
  }
}

function valuesOf(values: StoredValues, isTime: boolean): (at: number) => unknown {
  switch (values.kind) {
    case 'booleans':
      return (at) => values.flags[at] === 1;
    case 'integers':
      return isTime
        ? (at) => new Date(values.numbers[indexAt(values, at)] ?? Number.NaN)
        : (at) => values.numbers[indexAt(values, at)];
    case 'texts': {
      if (values.indexes === undefined) return (at) => textAt(values, at);
      /** Each different text once. */
      const texts: string[] = [];
      return (at) => {
        const index = indexAt(values, at);
        return (texts[index] ??= textAt(values, index));
      };
    }
  }
}
