import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readJsonParts, type JsonParts } from '../../../src/archive/json/read-json-parts.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { unicodeText } from '../../support/data/unicode-text.ts';

/** In pieces of so many bytes. */
async function* inPieces(text: string, sizeBytes: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += sizeBytes) yield await Promise.resolve(bytes.subarray(at, at + sizeBytes));
}

const parts: JsonParts = {
  list: (entry) => entry,
  map: (entry) => entry,
  none: null,
  below: { map: (entry) => entry },
};

const anyKey = fc.oneof(unicodeText(), fc.constantFrom('__proto__', 'list', 'map', 'none', 'below', '"\\'));
const anyDocument = fc.dictionary(anyKey, fc.oneof(fc.jsonValue(), fc.dictionary(anyKey, fc.jsonValue())));

describe('readJsonParts', () => {
  it('parses what JSON.parse parses, wherever the pieces are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyDocument,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(0, 2),
        async (value, size, indent) => {
          const text = JSON.stringify(value, null, indent);
          const expected = Object.fromEntries(
            Object.entries(JSON.parse(text) as Record<string, unknown>).filter(([key]) => key !== 'none'),
          );
          expect(await readJsonParts(inPieces(text, size), parts)).toEqual(expected);
        },
      ),
      { numRuns: quickOrLong(30, 200) },
    );
  });

  it('passes over what nobody wants, wherever its texts and escapes are cut', async () => {
    const value = { none: [{ text: 'a "quoted\\" ] } text', list: [[], {}, 'ünïcode'] }], a: 1 };
    const text = JSON.stringify(value);
    for (let size = 1; size <= text.length; size++)
      expect(await readJsonParts(inPieces(text, size), parts)).toEqual({ a: 1 });
  });

  it('gives each entry away once, in order, and keeps what comes back', async () => {
    const seen: unknown[] = [];
    const take = (entry: unknown): unknown => (seen.push(entry) === 2 ? undefined : [entry]);
    const text = '{"list": [1, {"a": "]"}, 3], "map": {"x": null, "y": 5}, "none": [{"b": 7}]}';
    const read = await readJsonParts(inPieces(text, 3), { list: take, map: take, none: null });
    expect(seen).toEqual([1, { a: ']' }, 3, null, 5]);
    expect(read).toEqual({ list: [[1], [3]], map: { x: [null], y: [5] } });
  });

  it.each([
    ['', 'nothing'],
    ['[1]', 'no object'],
    ['{"a": 1', 'a cut object'],
    ['{"list": [1, 2', 'a cut list'],
    ['{"list": [1,]}', 'a comma at the end'],
    ['{"a": 1,}', 'a comma at the end of an object'],
    ['{"a" 1}', 'no colon'],
    ['{"a": 1} x', 'more behind it'],
    ['{a: 1}', 'a key without quotes'],
    ['{"a": "b}', 'a text without an end'],
  ])('refuses %s: %s', async (text) => {
    await expect(readJsonParts(inPieces(text, 2), parts)).rejects.toThrow(SyntaxError);
  });

  it('refuses bytes that are no UTF-8, and closes what it reads from', async () => {
    let isClosed = false;
    async function* damaged(): AsyncGenerator<Uint8Array> {
      try {
        yield await Promise.resolve(Buffer.concat([Buffer.from('{"a": "'), Buffer.from([0xff]), Buffer.from('", ')]));
        yield Buffer.from('"b": 1}');
      } finally {
        isClosed = true;
      }
    }
    await expect(readJsonParts(damaged(), parts)).rejects.toThrow(SyntaxError);
    expect(isClosed).toBe(true);
  });
});
