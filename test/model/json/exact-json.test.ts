import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseExactJson, stringifyExact } from '../../../src/model/json/exact-json.ts';
import { ExactNumber } from '../../../src/model/json/exact-number.ts';

describe('JSON with numbers beyond 2^53', () => {
  it.each([
    '{"extra":{"long":12345678901234567890,"list":[-9007199254740993,1]}}',
    '[0.12345678901234567891,1e400,-1e400]',
    '[1e-400,-2.5E-310,123456789012345678e-9]',
    '12345678901234567890',
    String.raw`{"12345678901234567890":"\"a\":12345678901234567890,","\u0001n1":"\u0001n12345678901234567890","b":9007199254740993}`,
    String.raw`[12345678901234567890,"\u0001","\u0001s","\\\"",{"__proto__":9007199254740993}]`,
  ])('are written as they were read: %s', (text) => {
    expect(stringifyExact(parseExactJson(text))).toBe(text);
  });

  it('are no numbers, strings or records in between', () => {
    const [value] = parseExactJson('[12345678901234567890]') as unknown[];
    expect(value).toBeInstanceOf(ExactNumber);
    expect(Object.keys(value as object)).toEqual([]);
    expect(JSON.stringify(value)).toBe('12345678901234567000');
  });

  it('changes nothing about any other JSON', () => {
    const number = fc.oneof(fc.double({ noDefaultInfinity: true, noNaN: true }), fc.maxSafeInteger());
    const text = fc.string({ unit: fc.constantFrom('\u0001', 'n', 's', '"', '\\', ':', '1234567890123456', ',') });
    const value = fc.letrec((tie) => ({
      node: fc.oneof({ maxDepth: 4 }, number, text, fc.array(tie('node')), fc.dictionary(text, tie('node'))),
    })).node;
    fc.assert(
      fc.property(value, (made) => {
        const json = JSON.stringify(made);
        expect(JSON.stringify(parseExactJson(json))).toBe(json);
        expect(stringifyExact(made)).toBe(json);
        // The same beside one that is exact.
        const beside = `[12345678901234567890,${json}]`;
        expect(stringifyExact(parseExactJson(beside))).toBe(beside);
      }),
    );
  });

  it('are the same numbers whatever stands beside them, and read as one number at a time is', () => {
    const digits = fc.string({ unit: fc.constantFrom('0', '1', '2', '5', '9'), minLength: 1, maxLength: 22 });
    const whole = digits.map((text) => text.replace(/^0+(?=\d)/, ''));
    const token = fc
      .tuple(
        fc.constantFrom('', '-'),
        whole,
        fc.option(digits),
        fc.option(fc.tuple(fc.constantFrom('+', '-', ''), digits)),
      )
      .map(([sign, before, after, power]) => {
        const exponent = power === null ? '' : `e${power[0]}${power[1].slice(0, 4)}`;
        return `${sign}${before}${after === null ? '' : `.${after}`}${exponent}`;
      });
    const text = fc.string({ unit: fc.constantFrom('"', '\\', '7', '.', 'e', '-', '😀'), maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            token,
            text.map((value) => JSON.stringify(value)),
          ),
        ),
        (parts) => {
          const alone = parts.map((part) => stringifyExact(parseExactJson(part)));
          expect(stringifyExact(parseExactJson(`[${parts.join(', ')}]`))).toBe(`[${alone.join(',')}]`);
          for (const [at, part] of parts.entries()) {
            const written = alone[at] ?? '';
            // As it stood there, or a double that reads back as the same decimal number.
            if (written !== part) expect(decimal(written)).toEqual(decimal(part));
          }
        },
      ),
    );
  });

  it.each(['{"a":12345678901234567890', '[012345678901234567890]', 'x12345678901234567890'])('refuses %s', (text) =>
    expect(() => parseExactJson(text)).toThrow(SyntaxError),
  );
});

/** The digits of a number without the zeros around them, and its sign and power of ten; another text is itself. */
function decimal(token: string): unknown {
  const [, sign, whole = '', part = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(token) ?? [];
  if (sign === undefined) return JSON.parse(token);
  const digits = (whole + part).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return 0;
  return { sign, significant, power: Number(power) - part.length + digits.length - significant.length };
}
