import { describe, expect, it } from '@jest/globals';
import { holdsPhrase, parseQuery } from '../../../../src/transcript/search/engine/search-query.ts';
import { phraseText, wordsOf } from '../../../../src/transcript/search/engine/words.ts';

const words = (text: string): readonly string[] => [...new Set(wordsOf(text))];

describe('the words of a text', () => {
  it.each([
    ['Hello, World! foo_bar 12.5', ['hello', 'world', 'foo_bar', '12', '5']],
    ['https://example.org/A-b?c', ['https', 'example', 'org', 'a', 'b', 'c']],
    ['Müller ÉCOLE', ['müller', 'muller', 'école', 'ecole']],
    ['Ｆｕｌｌ ｗｉｄｔｈ ﬁne', ['full', 'width', 'fine']],
    ['東京都に', ['東京', '京都', '都に', 'に']],
    ['iPhoneを買う', ['iphone', 'を買', '買う', 'う']],
    ['ラーメン 한국', ['ラー', 'ーメ', 'メン', 'ン', '한국', '국']],
    ['Привет مرحبا שלום', ['привет', 'مرحبا', 'שלום']],
    ['🎉 --- …', []],
  ])('of %j', (text, expected) => expect(words(text)).toEqual(expected));

  it('are cut where they are longer than any word is, never through a sign', () => {
    expect(words('a'.repeat(100_000))).toEqual(['a'.repeat(64)]);
    expect(words(`${'a'.repeat(63)}𝒳`).every((word) => Buffer.from(word).toString() === word)).toBe(true);
    expect(words(`${'a'.repeat(63)}𐐨bc`)[0]).toBe('a'.repeat(63));
  });
});

describe('a query', () => {
  it('takes the last word for a beginning, and each with * behind it', () => {
    expect(parseQuery('Invoice ber* pay')?.groups).toEqual([
      [{ term: 'invoice', isPrefix: false }],
      [{ term: 'ber', isPrefix: true }],
      [{ term: 'pay', isPrefix: true }],
    ]);
    expect(parseQuery('invoice "pay"')?.groups[1]).toEqual([{ term: 'pay', isPrefix: false }]);
  });

  it('is none without a letter', () => {
    for (const typed of ['', '  ', '"" *', '🎉', '- "-"']) expect(parseQuery(typed)).toBeUndefined();
  });

  it.each([
    ['the quarterly report is', '"quarterly report"', true],
    ['report quarterly', '"quarterly report"', false],
    ['quarterly reports', '"quarterly report"', false],
    ['quarterly reports', 'x quarterly-report', true],
    ['see example.org/path now', 'example.org', true],
    ['his example', '"is example"', false],
    ['Müller GmbH', '"muller gmbh"', true],
    ['私は東京都に行く', '"東京都"', true],
    ['東京と京都', '"東京都"', false],
    ['a\n b', '"a b"', true],
  ])('of %j finds %j: %s', (text, typed, isFound) => {
    const phrases = parseQuery(typed)?.phrases ?? [];
    expect(phrases).toHaveLength(1);
    expect(phrases.every((phrase) => holdsPhrase(text, phrase))).toBe(isFound);
    expect(phraseText(text)).not.toContain('\n');
  });
});
