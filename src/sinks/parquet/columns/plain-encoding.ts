import type { GrowingBytes } from './growing-bytes.ts';
import { type Bounds, ByteBounds } from './byte-bounds.ts';
import { startOf, type StoredValues, textAt } from '../stored/leaf-chunk.ts';

/** How values of one type are written one after the other (Parquet's PLAIN), and what their bounds are. */
export interface PlainEncoding<Value> {
  write(value: Value, into: GrowingBytes): void;
  /** The same for one of the different values of a file. @throws TypeError when they are of another type */
  copy(stored: StoredValues, index: number, into: GrowingBytes): void;
  /** That value. @throws TypeError */
  storedAt(stored: StoredValues, index: number): Value;
  /** Of all values since the last call. */
  takeBounds(): Bounds;
}

const lengthBytes = 4;
/** Up to this many UTF-16 units a loop is faster than the call of a native function. */
const shortUnits = 32;
/** Beyond them a text is measured first: a unit takes up to three bytes. */
const longUnits = 1 << 16;
const bytesPerUnit = 3;

/** UTF-8 behind its length; lone surrogates become U+FFFD. */
export class PlainTexts implements PlainEncoding<string> {
  readonly #bounds: ByteBounds | undefined;

  /** @param hasBounds not for texts whose order says nothing */
  constructor(hasBounds: boolean) {
    this.#bounds = hasBounds ? new ByteBounds() : undefined;
  }

  write(text: string, into: GrowingBytes): void {
    const units = text.length;
    into.reserve(lengthBytes + (units > longUnits ? Buffer.byteLength(text) : units * bytesPerUnit));
    const { bytes } = into;
    const start = into.length + lengthBytes;
    const sizeBytes = (units <= shortUnits && writeAscii(text, bytes, start)) || bytes.write(text, start);
    bytes.writeUInt32LE(sizeBytes, into.length);
    into.length = start + sizeBytes;
    this.#bounds?.note(bytes, start, into.length);
  }

  copy(stored: StoredValues, index: number, into: GrowingBytes): void {
    if (stored.kind !== 'texts') throw wrongKind(stored, 'texts');
    const start = startOf(stored.ends, index);
    const before = into.length;
    into.appendRange(stored.bytes, start, stored.ends[index] ?? start);
    this.#bounds?.note(into.bytes, before + lengthBytes, into.length);
  }

  storedAt(stored: StoredValues, index: number): string {
    if (stored.kind !== 'texts') throw wrongKind(stored, 'texts');
    return textAt(stored, index);
  }

  takeBounds(): Bounds {
    return this.#bounds?.take() ?? {};
  }
}

/** Returns the length; 0 for a text with anything else in it, of which some may be written. */
function writeAscii(text: string, bytes: Uint8Array, start: number): number {
  const units = text.length;
  for (let at = 0; at < units; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f) return 0;
    bytes[start + at] = unit;
  }
  return units;
}

const int64Bytes = 8;
const highUnit = 2 ** 32;

/** INT64 of safe integers, without a bigint for each. */
export class PlainIntegers implements PlainEncoding<number> {
  #min = Infinity;
  #max = -Infinity;

  write(value: number, into: GrowingBytes): void {
    into.reserve(int64Bytes);
    into.bytes.writeUInt32LE(value >>> 0, into.length);
    into.bytes.writeInt32LE(Math.floor(value / highUnit), into.length + int64Bytes / 2);
    into.length += int64Bytes;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  copy(stored: StoredValues, index: number, into: GrowingBytes): void {
    this.write(this.storedAt(stored, index), into);
  }

  storedAt(stored: StoredValues, index: number): number {
    if (stored.kind !== 'integers') throw wrongKind(stored, 'integers');
    return stored.numbers[index] ?? 0;
  }

  takeBounds(): Bounds {
    const bounds = this.#min > this.#max ? {} : { min_value: this.#min, max_value: this.#max };
    this.#min = Infinity;
    this.#max = -Infinity;
    return bounds;
  }
}

function wrongKind({ kind }: StoredValues, wanted: string): TypeError {
  return new TypeError(`Cannot copy ${kind} as ${wanted}`);
}
