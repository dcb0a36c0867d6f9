import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import type { LeafPlace } from '../../sinks/parquet/leaf-places.ts';
import type { StoredValues } from '../../sinks/parquet/stored/leaf-chunk.ts';
import { FormatError } from '../format-error.ts';
import { readerOf } from './reader-of.ts';

const lengthBytes = 4;
const int64Bytes = 8;
const highUnit = 2 ** 32;

/** The values of one leaf of a row group, collected page by page. */
export class LeafValues {
  readonly #type: LeafPlace['type'];
  /** Of all pages, without nulls. */
  #values = 0;
  #dictionary: { readonly content: Uint8Array; readonly count: number } | undefined;
  /** Of values of the dictionary. */
  #indexes = new Uint32Array();
  readonly #flags: Uint8Array;
  readonly #most: number;
  readonly #plain: Uint8Array[] = [];

  /** @param most values at most */
  constructor(type: LeafPlace['type'], most: number) {
    this.#type = type;
    this.#most = most;
    this.#flags = new Uint8Array(type === 'BOOLEAN' ? most : 0);
  }

  setDictionary(content: Uint8Array, count: number): void {
    this.#dictionary = { content, count };
    this.#indexes = new Uint32Array(this.#most);
  }

  /** @param hasLength whether runs of booleans have their length before them, as in pages of the second kind */
  addPage(content: Uint8Array, encoding: string, count: number, hasLength: boolean): void {
    const from = this.#values;
    this.#values += count;
    if (count === 0) return;
    const isIndexed = encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY';
    if (this.#type === 'BOOLEAN' && (encoding === 'RLE' || encoding === 'PLAIN')) {
      this.#addFlags(content, this.#flags.subarray(from, from + count), encoding, hasLength);
    } else if (isIndexed && this.#dictionary !== undefined) {
      const indexes = this.#indexes.subarray(from, from + count);
      readRleBitPackedHybrid(readerOf(content, 1), content[0] ?? 0, indexes, content.length - 1);
    } else if (encoding === 'PLAIN' && this.#dictionary === undefined) {
      this.#plain.push(content);
    } else {
      throw new FormatError(`its encoding ${encoding} is none of those this program writes`);
    }
  }

  /** @throws FormatError for an integer that no double holds, and for texts that do not fill their pages */
  stored(): StoredValues {
    if (this.#type === 'BOOLEAN') return { kind: 'booleans', flags: this.#flags };
    const content = this.#dictionary?.content ?? joined(this.#plain);
    const count = this.#dictionary?.count ?? this.#values;
    const indexes = this.#dictionary === undefined ? undefined : this.#indexes;
    if (this.#type === 'INT64') return { kind: 'integers', numbers: integersOf(content, count), indexes };
    if (this.#type !== 'BYTE_ARRAY') {
      throw new FormatError(`its type ${this.#type} is none of those this program writes`);
    }
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
    return { kind: 'texts', bytes, ends: endsOf(bytes, count), indexes };
  }

  #addFlags(content: Uint8Array, flags: Uint8Array, encoding: string, hasLength: boolean): void {
    if (encoding === 'RLE') {
      readRleBitPackedHybrid(readerOf(content), 1, flags, hasLength ? undefined : content.length);
      return;
    }
    for (let at = 0; at < flags.length; at += 1) flags[at] = ((content[at >> 3] ?? 0) >> (at & 7)) & 1;
  }
}

function joined(pages: readonly Uint8Array[]): Uint8Array {
  const [first = new Uint8Array(), ...others] = pages;
  return others.length === 0 ? first : Buffer.concat(pages);
}

function integersOf(content: Uint8Array, count: number): Float64Array {
  const { view } = readerOf(content);
  const numbers = new Float64Array(count);
  for (let at = 0; at < count; at += 1) {
    const byte = at * int64Bytes;
    const number = view.getInt32(byte + int64Bytes / 2, true) * highUnit + view.getUint32(byte, true);
    if (!Number.isSafeInteger(number)) throw new FormatError('it has an integer that no double holds');
    numbers[at] = number;
  }
  return numbers;
}

function endsOf(bytes: Buffer, count: number): Uint32Array {
  const ends = new Uint32Array(count);
  let end = 0;
  for (let at = 0; at < count; at += 1) {
    end += lengthBytes + bytes.readUInt32LE(end);
    ends[at] = end;
  }
  if (end > bytes.length) throw new FormatError('its last text is cut');
  return ends;
}
