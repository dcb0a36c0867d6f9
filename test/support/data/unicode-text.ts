import fc from 'fast-check';

const surrogates = { first: 0xd800, count: 0x800 };

const anyCharacter = fc.nat({ max: 0x10ffff - surrogates.count }).map(
  (at) => String.fromCodePoint(at < surrogates.first ? at : at + surrogates.count),
  (character) => {
    const code = typeof character === 'string' ? character.codePointAt(0) : undefined;
    if (code === undefined || String.fromCodePoint(code) !== character) throw new TypeError('no character');
    return code < surrogates.first ? code : code - surrogates.count;
  },
);

/**
 * Texts of any characters of Unicode, those that no text has included: `fc.string({ unit: 'binary' })`, which fills a map
 * of a million characters first, in each worker that has a test of it, and keeps it.
 */
export const unicodeText = (constraints: Omit<fc.StringConstraints, 'unit'> = {}): fc.Arbitrary<string> =>
  fc.string({ ...constraints, unit: anyCharacter });
