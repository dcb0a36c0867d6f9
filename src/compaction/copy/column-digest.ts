import { type LeafChunk, indexAt, levelAt, startOf, type StoredTexts } from '../../sinks/parquet/stored/leaf-chunk.ts';
import type { LeafCursor, StoredRows } from '../../sinks/parquet/stored/stored-rows.ts';

/** Odd numbers whose bits look random, one for each half: those of cyrb53 by bryc (public domain). */
const highFactor = 2654435761;
const lowFactor = 1597334677;
const highUnit = 2 ** 32;
const turnedBits = 13;

/** What has been seen of one leaf, in 64 bits. */
interface LeafDigest {
  high: number;
  low: number;
}

/**
 * A hash of rows in their order, of each leaf of their columns by itself, whichever pages, row groups and dictionaries
 * they lie in: equal rows, equal digests. It is there to notice what a disk, a memory or a bug has changed, which 64
 * bits for each leaf do; nobody has to be kept from making rows of equal digests.
 */
export class ColumnDigest {
  readonly #leaves: LeafDigest[] = [];
  #rows = 0;

  get rows(): number {
    return this.#rows;
  }

  /** Rows from where they have been read to, up to `toRow`; they are not taken as read. */
  add(rows: StoredRows, toRow: number): void {
    for (let row = rows.at; row < toRow; row += 1) if (rows.isKept(row)) this.#rows += 1;
    for (const [at, leaf] of rows.leaves.entries()) {
      addLeaf((this.#leaves[at] ??= { high: 0, low: 0 }), leaf, toRow, rows.kept);
    }
  }

  /** Hex. */
  end(): string {
    return this.#leaves.flatMap(({ high, low }) => [high, low].map(hex)).join('');
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}

function addLeaf(digest: LeafDigest, from: LeafCursor, toRow: number, kept: Uint8Array | undefined): void {
  const { entries, mostDefined, definition, repetition } = from.chunk;
  const addValue = valueAdder(from.chunk);
  let { entry, value } = from;
  for (let { row } = from; row < toRow; row += 1) {
    const isKept = kept === undefined || kept[row] === 1;
    let repeated = 0;
    do {
      const defined = levelAt(definition, entry);
      if (isKept) {
        add(digest, defined, repeated);
        if (defined === mostDefined) addValue(digest, value);
      }
      if (defined === mostDefined) value += 1;
      entry += 1;
      repeated = entry < entries ? levelAt(repetition, entry) : 0;
    } while (repeated > 0);
  }
}

function add(digest: LeafDigest, high: number, low: number): void {
  digest.high = Math.imul(turned(digest.high) ^ high, highFactor);
  digest.low = Math.imul(turned(digest.low) ^ low ^ high, lowFactor);
}

function turned(word: number): number {
  return (word << turnedBits) | (word >>> (32 - turnedBits));
}

function valueAdder({ values }: LeafChunk): (digest: LeafDigest, at: number) => void {
  switch (values.kind) {
    case 'texts':
      return textAdder(values);
    case 'integers':
      return (digest, at) => {
        const number = values.numbers[indexAt(values, at)] ?? 0;
        add(digest, Math.floor(number / highUnit), number >>> 0);
      };
    case 'booleans':
      return (digest, at) => add(digest, values.flags[at] ?? 0, 0);
  }
}

/** Each different text of a dictionary is hashed once. */
function textAdder(texts: StoredTexts): (digest: LeafDigest, at: number) => void {
  const hashes: (LeafDigest | undefined)[] = [];
  return (digest, at) => {
    const index = indexAt(texts, at);
    const { high, low } = texts.indexes === undefined ? hashOf(texts, index) : (hashes[index] ??= hashOf(texts, index));
    add(digest, high, low);
  };
}

/** Of the bytes with the length before them. */
function hashOf({ bytes, ends }: StoredTexts, index: number): LeafDigest {
  let high = 0;
  let low = 0;
  const end = ends[index] ?? 0;
  for (let at = startOf(ends, index); at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    high = Math.imul(turned(high) ^ byte, highFactor);
    low = Math.imul(turned(low) ^ byte, lowFactor);
  }
  return { high, low };
}
