import type { Encoding } from 'hyparquet';
import type { Bounds } from './byte-bounds.ts';
import type { ColumnValues } from './column-values.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { bitWidth, HybridEncoder } from './hybrid-encoder.ts';
import type { PlainEncoding } from './plain-encoding.ts';
import { indexAt, type StoredIntegers, type StoredTexts, type StoredValues } from '../stored/leaf-chunk.ts';

/** When it is first asked whether the dictionary pays: with so many values, or so many bytes of different ones. */
const firstCheck = { values: 4096, sizeBytes: 1 << 20 };
/** What the dictionary and its indexes may take of the bytes that the values would take one by one. */
const mostShare = 0.75;

/**
 * Texts or numbers, each different one kept once as long as that pays, and then one after the other. Which values are
 * kept how follows from the values of the row group alone.
 */
export class DictionaryValues<Value extends string | number> implements ColumnValues<Value> {
  readonly #plainEncoding: PlainEncoding<Value>;
  readonly #indexOf = new Map<Value, number>();
  /** The different values, one after the other, and where each ends. */
  readonly #different = new GrowingBytes();
  #ends = new Uint32Array(16);
  #indexes = new Uint32Array(64);
  #values = 0;
  /** Of all values, one by one. */
  #plainSizeBytes = 0;
  #isDictionary = true;
  readonly #plain = new GrowingBytes();
  readonly #check = { ...firstCheck };
  #last: Value | undefined;
  #lastIndex = 0;
  /** A file's dictionary that values are copied from, and for its indexes those here. */
  #copied: StoredTexts | StoredIntegers | undefined;
  #copiedIndexes: number[] = [];

  constructor(plainEncoding: PlainEncoding<Value>) {
    this.#plainEncoding = plainEncoding;
  }

  add(value: Value): number {
    if (!this.#isDictionary) {
      const before = this.#plain.length;
      this.#plainEncoding.write(value, this.#plain);
      return this.#plain.length - before;
    }
    return this.#addIndex(value === this.#last ? this.#lastIndex : this.#indexFor(value));
  }

  addStored(stored: StoredValues, at: number): void {
    if (stored.kind === 'booleans') throw new TypeError('Cannot copy booleans as texts or numbers');
    const index = indexAt(stored, at);
    if (this.#isDictionary) this.#addIndex(this.#indexForStored(stored, index));
    else this.#plainEncoding.copy(stored, index, this.#plain);
  }

  get pageSizeBytes(): number {
    return this.#plain.length;
  }

  settle(): void {
    if (this.#isDictionary && !this.#pays()) this.#giveUp();
  }

  get encoding(): Encoding {
    return this.#isDictionary ? 'RLE_DICTIONARY' : 'PLAIN';
  }

  takePage(): Uint8Array {
    if (this.#isDictionary) return this.#indexPage();
    const page = this.#plain.content();
    this.#plain.clear();
    return page;
  }

  dictionary(): { readonly content: Uint8Array; readonly values: number } | undefined {
    if (!this.#isDictionary) return undefined;
    return { content: this.#different.content(), values: this.#indexOf.size };
  }

  takeBounds(): Bounds {
    this.#clear();
    this.#isDictionary = true;
    return this.#plainEncoding.takeBounds();
  }

  #indexFor(value: Value): number {
    let index = this.#indexOf.get(value);
    if (index === undefined) {
      index = this.#indexOf.size;
      this.#indexOf.set(value, index);
      this.#plainEncoding.write(value, this.#different);
      if (index === this.#ends.length) this.#ends = doubled(this.#ends);
      this.#ends[index] = this.#different.length;
    }
    this.#last = value;
    this.#lastIndex = index;
    return index;
  }

  #addIndex(index: number): number {
    if (this.#values === this.#indexes.length) this.#indexes = doubled(this.#indexes);
    this.#indexes[this.#values] = index;
    this.#values += 1;
    const sizeBytes = this.#end(index) - this.#end(index - 1);
    this.#plainSizeBytes += sizeBytes;
    if (this.#values >= this.#check.values || this.#different.length >= this.#check.sizeBytes) this.#checkShare();
    return sizeBytes;
  }

  /** What each index of the file's dictionary is here, looked up once. */
  #indexForStored(stored: StoredTexts | StoredIntegers, index: number): number {
    if (stored.indexes === undefined) return this.#indexFor(this.#plainEncoding.storedAt(stored, index));
    if (this.#copied !== stored) {
      this.#copied = stored;
      this.#copiedIndexes = [];
    }
    return (this.#copiedIndexes[index] ??= this.#indexFor(this.#plainEncoding.storedAt(stored, index)));
  }

  #end(index: number): number {
    return index < 0 ? 0 : (this.#ends[index] ?? 0);
  }

  #checkShare(): void {
    if (!this.#pays()) {
      this.#giveUp();
      return;
    }
    this.#check.values = Math.max(firstCheck.values, this.#values * 2);
    this.#check.sizeBytes = Math.max(firstCheck.sizeBytes, this.#different.length * 2);
  }

  #pays(): boolean {
    const indexSizeBytes = (this.#values * bitWidth(Math.max(0, this.#indexOf.size - 1))) / 8;
    return this.#values > 0 && this.#different.length + indexSizeBytes <= mostShare * this.#plainSizeBytes;
  }

  /** From here to the end of the row group the values are written one by one, those that are there first. */
  #giveUp(): void {
    const { bytes } = this.#different;
    this.#plain.reserve(this.#plainSizeBytes);
    for (let at = 0; at < this.#values; at += 1) {
      const index = this.#indexes[at] ?? 0;
      this.#plain.appendRange(bytes, this.#end(index - 1), this.#end(index));
    }
    this.#clear();
    this.#isDictionary = false;
  }

  #indexPage(): Uint8Array {
    const width = bitWidth(Math.max(0, this.#indexOf.size - 1));
    const encoder = new HybridEncoder(width);
    for (let at = 0; at < this.#values; at += 1) encoder.add(this.#indexes[at] ?? 0);
    return Buffer.concat([Uint8Array.of(width), encoder.finish()]);
  }

  #clear(): void {
    this.#indexOf.clear();
    this.#different.clear();
    this.#values = 0;
    this.#plainSizeBytes = 0;
    this.#last = undefined;
    this.#copied = undefined;
    Object.assign(this.#check, firstCheck);
  }
}

function doubled(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(array.length * 2);
  grown.set(array);
  return grown;
}
