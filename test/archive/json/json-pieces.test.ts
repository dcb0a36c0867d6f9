import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonBytes, jsonPieces } from '../../../src/archive/json/json-pieces.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(null, undefined, true, 0, 'a\n"', {}, []),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b"', '__proto__', '7'), tie('any'), { maxKeys: 3 }),
  ),
})).any;
const object = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value, { maxKeys: 3 });

describe('jsonPieces', () => {
  it('say what JSON.stringify says, at whichever level lines end, also where a member is undefined', () => {
    fc.assert(
      fc.property(object, fc.integer({ min: 0, max: 4 }), (one, levels) => {
        const text = Buffer.concat([...jsonBytes(jsonPieces(one, levels))]).toString();
        expect(text.endsWith('\n')).toBe(true);
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(one));
      }),
      { numRuns: quickOrLong(100, 2000) },
    );
  });
});
