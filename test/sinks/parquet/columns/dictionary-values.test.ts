import { describe, expect, it } from '@jest/globals';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { DictionaryValues } from '../../../../src/sinks/parquet/columns/dictionary-values.ts';
import { PlainIntegers, PlainTexts } from '../../../../src/sinks/parquet/columns/plain-encoding.ts';

const pageSizeBytes = 1 << 20;
const distinct = (count: number, length = 20): string[] =>
  Array.from({ length: count }, (_, index) => `${index} ${'ü'.repeat(length)}`);
const repeated = (count: number): string[] => Array.from({ length: count }, (_, index) => `text ${index % 7}`);

interface Written {
  readonly encoding: string;
  readonly pages: number;
  readonly sizeBytes: number;
  readonly read: readonly unknown[];
}

/** Writes a row group, and reads it by hyparquet. */
function write<Value extends string | number>(
  values: DictionaryValues<Value>,
  type: 'BYTE_ARRAY' | 'INT64',
  group: readonly Value[],
): Written {
  const pages: { readonly bytes: Uint8Array; readonly count: number }[] = [];
  let count = 0;
  let sizeBytes = 0;
  const endPage = (): void => {
    pages.push({ bytes: Uint8Array.from(values.takePage()), count });
    count = 0;
  };
  for (const value of group) {
    if (values.pageSizeBytes >= pageSizeBytes) endPage();
    sizeBytes += values.add(value);
    count += 1;
  }
  values.settle();
  endPage();
  const { encoding } = values;
  const plain = (bytes: Uint8Array, length: number): unknown[] => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const read: Iterable<unknown> = readPlain({ view, offset: 0 }, type, length, undefined);
    return Array.from(read, (one) => (one instanceof Uint8Array ? Buffer.from(one).toString() : Number(one)));
  };
  const dictionary = values.dictionary();
  const entries = dictionary && plain(Uint8Array.from(dictionary.content), dictionary.values);
  const read = pages.flatMap(({ bytes, count: length }) => {
    if (entries === undefined) return plain(bytes, length);
    const indexes = Array<number>(length).fill(-1);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    readRleBitPackedHybrid({ view, offset: 1 }, bytes[0] ?? 0, indexes, bytes.length - 1);
    return indexes.map((index) => entries[index]);
  });
  return { encoding, pages: pages.length, sizeBytes, read };
}

const plainSizeBytes = (texts: readonly string[]): number =>
  texts.reduce((sum, text) => sum + 4 + Buffer.byteLength(text), 0);

describe('DictionaryValues', () => {
  it.each([
    ['no value', [], 'PLAIN', 1],
    ['one value', ['a'], 'PLAIN', 1],
    ['seven texts over and over', repeated(10_000), 'RLE_DICTIONARY', 1],
    ['different texts', distinct(10_000), 'PLAIN', 1],
    ['different texts of more than a page', distinct(10_000, 100), 'PLAIN', 2],
    ['different texts so long that a page is full before many have come', distinct(40, 60_000), 'PLAIN', 5],
    ['different texts that turn into the same', [...distinct(1000), ...repeated(30_000)], 'RLE_DICTIONARY', 1],
    ['the same texts that turn different', [...repeated(5000), ...distinct(20_000, 100)], 'PLAIN', 3],
    ['one text only', Array<string>(5000).fill('same'), 'RLE_DICTIONARY', 1],
  ])('keeps %s, each different one once where that pays', (_, group, encoding, pages) => {
    const values = new DictionaryValues(new PlainTexts(true));
    const written = write(values, 'BYTE_ARRAY', group);
    expect(written).toMatchObject({ encoding, sizeBytes: plainSizeBytes(group) });
    expect(written.pages).toBeGreaterThanOrEqual(pages);
    expect(written.read).toEqual(group);
  });

  it('begins each row group anew', () => {
    const values = new DictionaryValues(new PlainTexts(true));
    for (const group of [distinct(10_000), repeated(10_000), [], distinct(10_000)]) {
      const fresh = new DictionaryValues(new PlainTexts(true));
      expect(write(values, 'BYTE_ARRAY', group)).toEqual(write(fresh, 'BYTE_ARRAY', group));
      expect(values.takeBounds()).toEqual(fresh.takeBounds());
    }
  });

  it('keeps integers up to the largest that a double holds', () => {
    const edges = [0, -0, 1, -1, 2 ** 31, 2 ** 32, -(2 ** 32), 2 ** 32 - 1, 2 ** 53 - 1, -(2 ** 53) + 1];
    const values = new DictionaryValues(new PlainIntegers());
    expect(write(values, 'INT64', edges).read).toEqual(edges.map((edge) => edge + 0));
    expect(values.takeBounds()).toEqual({ min_value: -(2 ** 53) + 1, max_value: 2 ** 53 - 1 });
    expect(values.takeBounds()).toEqual({});
  });

  it('writes half of a surrogate pair as U+FFFD, and all other text as it is', () => {
    const texts = ['\ud83d', 'é', '', '\ufeff', '😀'.repeat(40_000), 'a'.repeat(33), `${'a'.repeat(31)}é`];
    const values = new DictionaryValues(new PlainTexts(true));
    expect(write(values, 'BYTE_ARRAY', texts).read).toEqual(texts.map((text) => (text === '\ud83d' ? '\ufffd' : text)));
  });
});
