import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NulReplacer } from '../../src/database/without-nul.ts';

describe('U+0000', () => {
  it('is replaced in texts, which are counted', () => {
    const nul = new NulReplacer();
    expect(['a\0b\0', 'plain', ''].map((text) => nul.text(text))).toEqual(['a\ufffdb\ufffd', 'plain', '']);
    expect(nul.replaced).toBe(1);
  });

  it('is replaced in JSON where it is one, in keys too, and where a backslash only looks like one it stays', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ depthSize: 'small' }),
        fc.string({ unit: fc.constantFrom('\0', '\\', 'u0000', 'a') }),
        (value, text) => {
          const holder = [value, { [text]: text }];
          const replaced = new NulReplacer().json(JSON.stringify(holder));
          const clean = (one: string): string => one.replaceAll('\0', '\ufffd');
          expect(JSON.parse(replaced)).toEqual(mapTexts(holder, clean));
        },
      ),
    );
  });
});

function mapTexts(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((part) => mapTexts(part, clean));
  if (typeof value !== 'object' || value === null) return value === -0 ? 0 : value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [clean(key), mapTexts(part, clean)]));
}
