import { parse } from '@rocket.chat/message-parser';
import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { parseMsg } from '../../../src/transcript/markup/parse-msg.ts';
import { textHtml } from '../../../src/transcript/markup/text-html.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { wordDiff } from '../../../src/transcript/markup/word-diff.ts';

describe('the text of a message', () => {
  it('is shown by the tree of the server, else by its source, else as it is', () => {
    const md = [{ type: 'PARAGRAPH', value: [{ type: 'PLAIN_TEXT', value: 'tree' }] }];
    expect(textHtml({ md, msg: '*source*', text: 'text' })?.source).toBe('<p dir="auto">tree</p>');
    expect(textHtml({ md: null, msg: '*source*', text: 'text' })?.source).toBe(
      '<p dir="auto"><strong>source</strong></p>',
    );
    expect(textHtml({ md: null, msg: null, text: '*text*' })?.source).toBe('<p class="plain" dir="auto">*text*</p>');
    expect(textHtml({ md: null, msg: '', text: 'of blocks' })?.source).toBe(
      '<p class="plain" dir="auto">of blocks</p>',
    );
    expect(textHtml({ md: null, msg: '', text: '' })).toBeNull();
  });

  it('is not parsed where the parser would take minutes: a word of 100,000 letters, a text of a megabyte', () => {
    for (const msg of ['a'.repeat(100_000), '*a* '.repeat(250_000)]) {
      expect(textHtml({ md: null, msg, text: null })?.source).toBe(`<p class="plain" dir="auto">${msg}</p>`);
    }
  });

  it.each([
    'ok',
    'I will look at it tomorrow.',
    'Version 3. It works, I think… “fine”; yes!',
    'Où ça ? 5 € — là',
    '会議は三時です',
  ])('is not parsed where the parser finds a paragraph of it: %j', (msg) => {
    expect(parseMsg(msg)).toBeNull();
    expect(parse(msg, { colors: true, emoticons: true })).toEqual([
      { type: 'PARAGRAPH', value: [{ type: 'PLAIN_TEXT', value: msg }] },
    ]);
  });

  it.each([
    'see example.org',
    '*bold*',
    '1. one',
    ':)',
    'a_b_',
    'two\nlines',
    '@anna',
    '#room',
    'a 🎉',
    '+49123456',
    'hi ;D',
    'see localhost',
    'number ❶',
  ])('is parsed where it may hold more: %j', (msg) => {
    expect(parseMsg(msg)).not.toBeNull();
  });
});

/** What may be found between spaces, and what stands around it. */
const pieces = fc.constantFrom(
  ...[
    'a',
    'B',
    '8',
    '1.',
    '12',
    '-',
    '#',
    '##',
    '+',
    '@',
    '@yuki',
    ':tada:',
    ':',
    'D:',
    ';D',
    '=)',
    ')',
    '(',
    'localhost',
  ],
  ...['😅', '✅', '❶', 'ℹ', '.', ',', '!', '?', '/', '%)', "'", '"', '=', '$', '&', '…', 'é', '会議', '\u0301', 'o/'],
  ...['*', '_', '~', '`', '[', ']', '[ ](https://a.bc/group/x?msg=y_1)', '[x](https://a.bc)', '(', '> ', '**', '__'],
  ...['\n', '\n- ', '\n12. ', '\n[', 'a b', '. '],
  ...['https://a.bc/d', 'a.de', 'a@b.cd', 'mailto:', '+49 30', '#room', 'color:#fff', '*', '_', '-_-', 'HL-12'],
  ...[' ', ' ', ' ', ' ', ' ', '  ', '\n'],
);

/** What the parser makes of a text that is its first: emphasis that begins with an emoji and does not end marks later ones. */
function parsedFirst(msg: string): unknown {
  const options = { colors: true, emoticons: true, katex: { dollarSyntax: false, parenthesisSyntax: true } };
  parse('*a* _a_ ~a~', options);
  return parse(msg, options);
}

it.each(['_✅a_a', '- _✅a_a', 'a\n_✅a_a', 'b _✅a_a c'])(
  'is the same tree however often it is asked for: %j',
  (msg) => {
    const plain = [{ type: 'PARAGRAPH', value: [{ type: 'PLAIN_TEXT', value: msg }] }];
    const made = [msg, ' ', '~', '\n'].map((more) => [parseMsg(msg) ?? plain, parseMsg(`_✅${more}x`)][0]);
    expect(made).toEqual(made.map(() => parsedFirst(msg)));
  },
);

it('is the same tree word by word as that which the parser makes of the whole', () => {
  const text = fc.array(pieces, { minLength: 1, maxLength: 9 }).map((list) => list.join(''));
  fc.assert(
    fc.property(text, (msg) => {
      const plain = [{ type: 'PARAGRAPH', value: [{ type: 'PLAIN_TEXT', value: msg }] }];
      expect(parseMsg(msg) ?? plain).toEqual(parsedFirst(msg));
    }),
    { numRuns: quickOrLong(60, 50_000) },
  );
});

describe('a difference of two texts', () => {
  it('marks words, and says so', () => {
    expect(wordDiff('the <old> plan', 'the new plan').source).toBe(
      'the <del><span class="aside">[removed: </span>&lt;old&gt;<span class="aside">]</span></del>' +
        '<ins><span class="aside">[added: </span>new<span class="aside">]</span></ins> plan',
    );
  });

  it('of texts that have nothing in common is both, in bounded time', () => {
    const words = quickOrLong(8_000, 20_000);
    const text = (from: number): string => Array.from({ length: words }, (_, at) => String(from + at)).join(' ');
    expect(wordDiff(text(0), text(1_000_000)).source.length).toBeGreaterThan(10 * words);
  });
});
