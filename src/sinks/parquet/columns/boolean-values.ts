import type { Encoding } from 'hyparquet';
import type { ColumnValues } from './column-values.ts';
import { HybridEncoder } from './hybrid-encoder.ts';
import type { StoredValues } from '../stored/leaf-chunk.ts';
import type { Bounds } from './byte-bounds.ts';

const lengthBytes = 4;

/** Booleans, as runs and bits. */
export class BooleanValues implements ColumnValues<boolean> {
  readonly encoding: Encoding = 'RLE';
  /** All of a row group are one page. */
  readonly pageSizeBytes = 0;
  readonly #bits = new HybridEncoder(1);
  #hasFalse = false;
  #hasTrue = false;

  add(value: boolean): number {
    this.#bits.add(value ? 1 : 0);
    if (value) this.#hasTrue = true;
    else this.#hasFalse = true;
    return 1;
  }

  addStored(stored: StoredValues, at: number): void {
    if (stored.kind !== 'booleans') throw new TypeError(`Cannot copy ${stored.kind} as booleans`);
    this.add(stored.flags[at] === 1);
  }

  settle(): void {
    // There is one encoding only.
  }

  takePage(): Uint8Array {
    const bits = this.#bits.finish();
    const page = Buffer.allocUnsafe(lengthBytes + bits.length);
    page.writeUInt32LE(bits.length, 0);
    page.set(bits, lengthBytes);
    return page;
  }

  dictionary(): undefined {
    return undefined;
  }

  takeBounds(): Bounds {
    const bounds = this.#hasTrue || this.#hasFalse ? { min_value: !this.#hasFalse, max_value: this.#hasTrue } : {};
    this.#hasFalse = this.#hasTrue = false;
    return bounds;
  }
}
