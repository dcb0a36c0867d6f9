import { GrowingBytes } from './growing-bytes.ts';

/** Values are packed by the eight. */
const groupValues = 8;
/** One byte of header holds the number of groups: seven bits, of which one says that they are packed. */
const mostGroups = 63;
const byteBits = 8;

/**
 * Parquet's hybrid of runs and packed bits, for levels, indexes and booleans, one value after the other: eight equal
 * values and more are a run, whatever its length. Source: Encodings.md (RLE = 3), and how parquet-mr cuts runs.
 */
export class HybridEncoder {
  readonly #width: number;
  readonly #out = new GrowingBytes();
  readonly #group = new Uint32Array(groupValues);
  #grouped = 0;
  #groups = 0;
  /** Where the header of the packed groups is. */
  #headerAt = 0;
  #last = 0;
  #repeated = 0;

  /** @param width bits of the largest value, at most 24 */
  constructor(width: number) {
    this.#width = width;
  }

  add(value: number): void {
    if (value === this.#last) {
      this.#repeated += 1;
      if (this.#repeated >= groupValues) return;
    } else {
      if (this.#repeated >= groupValues) this.#endRun();
      this.#last = value;
      this.#repeated = 1;
    }
    this.#group[this.#grouped] = value;
    this.#grouped += 1;
    if (this.#grouped === groupValues) this.#packGroup();
  }

  addRun(value: number, times: number): void {
    let left = times;
    while (left > 0 && !(value === this.#last && this.#repeated >= groupValues)) {
      this.add(value);
      left -= 1;
    }
    this.#repeated += left;
  }

  /** The bytes of all values since the last `finish`, to be looked at until one is added. */
  finish(): Buffer {
    if (this.#repeated >= groupValues) {
      this.#endRun();
    } else if (this.#grouped > 0) {
      this.#group.fill(0, this.#grouped);
      this.#packGroup();
    }
    this.#endGroups();
    const encoded = this.#out.content();
    this.#out.clear();
    this.#last = 0;
    this.#repeated = 0;
    return encoded;
  }

  #endRun(): void {
    this.#endGroups();
    let header = this.#repeated * 2;
    for (; header > 0x7f; header = Math.floor(header / 0x80)) this.#out.appendByte((header % 0x80) | 0x80);
    this.#out.appendByte(header);
    for (let bits = 0; bits < this.#width; bits += byteBits) this.#out.appendByte((this.#last >>> bits) & 0xff);
    this.#repeated = 0;
    this.#grouped = 0;
  }

  #packGroup(): void {
    if (this.#groups === mostGroups) this.#endGroups();
    if (this.#groups === 0) {
      this.#headerAt = this.#out.length;
      this.#out.appendByte(0);
    }
    let bits = 0;
    let bitCount = 0;
    for (const value of this.#group) {
      bits |= value << bitCount;
      bitCount += this.#width;
      for (; bitCount >= byteBits; bitCount -= byteBits) {
        this.#out.appendByte(bits & 0xff);
        bits >>>= byteBits;
      }
    }
    this.#grouped = 0;
    this.#repeated = 0;
    this.#groups += 1;
  }

  #endGroups(): void {
    if (this.#groups === 0) return;
    this.#out.bytes[this.#headerAt] = this.#groups * 2 + 1;
    this.#groups = 0;
  }
}

/** Bits that the values from 0 to `largest` take. */
export function bitWidth(largest: number): number {
  return 32 - Math.clz32(largest);
}
