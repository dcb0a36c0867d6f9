import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonText } from '../../src/sinks/json-text.ts';
import { TextBuffer } from '../../src/sinks/text-buffer.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

/** Every length that UTF-8 has, what JSON escapes, and both halves of a pair. */
const unit = fc.oneof(
  fc.constantFrom(
    '"',
    '\\',
    '\0',
    '\b',
    '\n',
    '\u001f',
    ' ',
    'a',
    '\u007f',
    '\u0080',
    '\u07ff',
    '\u0800',
    '\u2028',
    '\uffff',
  ),
  fc.constantFrom('\ud83d', '\udc4d', '\ud800', '\udfff', '\ue000', '\ud7ff', '👍'),
);
const text = fc.oneof(
  fc.string({ unit, maxLength: 12 }),
  // Around the length from which Node encodes it.
  fc.tuple(unit, fc.integer({ min: 1023, max: 1025 })).map(([one, count]) => one.repeat(count)),
);
const piece = fc.tuple(fc.constantFrom('text', 'json', 'bytes'), text);

describe('TextBuffer', () => {
  it('holds what was put in as UTF-8, JSON as JSON.stringify has it but for half surrogate pairs, however much it is', () => {
    fc.assert(
      fc.property(fc.array(fc.array(piece, { maxLength: 6 }), { maxLength: 3 }), (fillings) => {
        // Smaller than most pieces, so that it grows.
        const buffer = new TextBuffer(16);
        for (const pieces of fillings) {
          for (const [kind, one] of pieces) {
            if (kind === 'text') buffer.putText(one);
            else if (kind === 'json') buffer.putJson(one);
            else buffer.put(Buffer.from(one));
          }
          const expected = Buffer.concat(
            pieces.map(([kind, one]) => Buffer.from(kind === 'json' ? jsonText(one) : one)),
          );
          expect(buffer.sizeBytes).toBe(expected.length);
          expect(buffer.take().equals(expected)).toBe(true);
          expect(buffer.sizeBytes).toBe(0);
        }
      }),
      { numRuns: quickOrLong(60, 2000) },
    );
  });
});
