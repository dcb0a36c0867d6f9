import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { bitWidth, HybridEncoder } from '../../../../src/sinks/parquet/columns/hybrid-encoder.ts';

/** By a reader that shares no code with the encoder. */
function decoded(bytes: Uint8Array, width: number, values: number): number[] {
  const output = Array<number>(values).fill(-1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  readRleBitPackedHybrid({ view, offset: 0 }, width, output, bytes.length);
  return output;
}

const runs = fc.nat({ max: 20 }).chain((width) =>
  fc.record({
    width: fc.constant(width),
    runs: fc.array(
      fc.tuple(
        fc.nat({ max: 2 ** width - 1 }),
        fc.oneof(
          { arbitrary: fc.integer({ min: 1, max: 9 }), weight: 5 },
          { arbitrary: fc.nat({ max: 3000 }), weight: 1 },
        ),
      ),
      { maxLength: 120 },
    ),
  }),
);

describe('HybridEncoder', () => {
  it('encodes whatever comes so that hyparquet decodes it, run by run or value by value', () => {
    fc.assert(
      fc.property(fc.array(runs, { minLength: 1, maxLength: 3 }), (pages) => {
        for (const { width, runs: page } of pages) {
          const [byRun, byValue] = [new HybridEncoder(width), new HybridEncoder(width)];
          const values = page.flatMap(([value, times]) => Array<number>(times).fill(value));
          for (const [value, times] of page) byRun.addRun(value, times);
          for (const value of values) byValue.add(value);
          const bytes = byRun.finish();
          expect(decoded(bytes, width, values.length)).toEqual(values);
          expect(byValue.finish().equals(bytes)).toBe(true);
        }
      }),
    );
  });

  it('begins anew with each page', () => {
    const encoder = new HybridEncoder(2);
    encoder.addRun(3, 20);
    const first = Buffer.from(encoder.finish());
    encoder.addRun(3, 20);
    expect(encoder.finish().equals(first)).toBe(true);
    expect(encoder.finish().length).toBe(0);
  });

  it('takes four bytes for a hundred thousand equal levels', () => {
    const encoder = new HybridEncoder(1);
    encoder.addRun(1, 100_000);
    expect(encoder.finish().length).toBe(4);
  });

  it.each([
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [255, 8],
    [256, 9],
  ])('says how many bits a value up to %s takes', (largest, bits) => {
    expect(bitWidth(largest)).toBe(bits);
  });
});
