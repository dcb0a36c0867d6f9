/** Of each entry, or what all of them have. */
export type Levels = Uint8Array | number;

/** Texts as they lie in a file: each UTF-8 behind its length in four bytes, one after the other. */
export interface StoredTexts {
  readonly kind: 'texts';
  readonly bytes: Buffer;
  /** Where each ends. */
  readonly ends: Uint32Array;
  /** Which of them each value is; undefined: one after the other. */
  readonly indexes: Uint32Array | undefined;
}

/** Safe integers; timestamps in epoch milliseconds. */
export interface StoredIntegers {
  readonly kind: 'integers';
  readonly numbers: Float64Array;
  readonly indexes: Uint32Array | undefined;
}

interface StoredBooleans {
  readonly kind: 'booleans';
  /** 0 or 1. */
  readonly flags: Uint8Array;
}

export type StoredValues = StoredTexts | StoredIntegers | StoredBooleans;

/** One leaf of the rows of a row group: levels of all entries, and the values of those that have one. */
export interface LeafChunk {
  readonly entries: number;
  /** Level of a value that is there. */
  readonly mostDefined: number;
  readonly definition: Levels;
  readonly repetition: Levels;
  readonly values: StoredValues;
}

export function levelAt(levels: Levels, entry: number): number {
  return typeof levels === 'number' ? levels : (levels[entry] ?? 0);
}

/** Which of the different texts or numbers a value is. */
export function indexAt({ indexes }: StoredTexts | StoredIntegers, at: number): number {
  return indexes === undefined ? at : (indexes[at] ?? 0);
}

const lengthBytes = 4;

export function textAt({ bytes, ends }: StoredTexts, index: number): string {
  return bytes.toString('utf8', startOf(ends, index) + lengthBytes, ends[index]);
}

/** With its length before it. */
export function startOf(ends: Uint32Array, index: number): number {
  return index === 0 ? 0 : (ends[index - 1] ?? 0);
}

const int64Bytes = 8;

/** Bytes of a value by itself, uncompressed. */
export function storedSizeBytes(values: StoredValues, at: number): number {
  switch (values.kind) {
    case 'texts': {
      const index = indexAt(values, at);
      return (values.ends[index] ?? 0) - startOf(values.ends, index);
    }
    case 'integers':
      return int64Bytes;
    case 'booleans':
      return 1;
  }
}
