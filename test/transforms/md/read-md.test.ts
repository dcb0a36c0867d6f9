import { describe, expect, it } from '@jest/globals';
import { parse } from '@rocket.chat/message-parser';
import { readMd } from '../../../src/transforms/md/read-md.ts';

/** As the server stores it: through JSON, which drops `value: undefined`. */
function parsed(msg: string): unknown[] {
  const options = { colors: true, emoticons: true, katex: { dollarSyntax: true, parenthesisSyntax: true } };
  return JSON.parse(JSON.stringify(parse(msg, options))) as unknown[];
}

const plain = (value: string) => ({ type: 'PLAIN_TEXT', value });
const paragraph = (...value: unknown[]) => ({ type: 'PARAGRAPH', value });

describe('readMd on the output of the real parser', () => {
  it.each([
    ['plain words', 'plain words'],
    ['*bold* _it_ ~gone~ *b _i ~s~_*', 'bold it gone b i s'],
    ['first\nsecond\n\nthird', 'first\nsecond\n\nthird'],
    ['# Title', 'Title'],
    ['- a\n- b *x*', '- a\n- b x'],
    ['2. a\n3. b', '2. a\n3. b'],
    ['- [ ] open\n- [x] done', '[ ] open\n[x] done'],
    ['> one\n> two', '> one\n> two'],
    ['run `npm test` now', 'run npm test now'],
    ['```js\nconst a = 1;\n\nreturn a;\n```', 'const a = 1;\n\nreturn a;'],
    ['@jane, @all and @here in #general', '@jane, @all and @here in #general'],
    ['see https://rocket.chat/docs', 'see https://rocket.chat/docs'],
    ['[the *docs*](https://rocket.chat)', 'the docs'],
    ['![plan](https://x.example/plan.png)', 'plan'],
    ['mail jane@example.com', 'mail jane@example.com'],
    ['hi :smile: 😀 :)', 'hi :smile: 😀 :)'],
    [':tada: :smile:', ':tada: :smile:'],
    ['at <t:1630360800:R>', 'at <t:1630360800:R>'],
    ['color:#ff0080', '#ff0080'],
    ['\\(x^2\\) is', 'x^2 is'],
    ['$$a+b$$', 'a+b'],
  ])('reads %j as %j', (msg, text) => expect(readMd(parsed(msg), msg).text).toBe(text));

  it('lists links with their labels, in order, also within emphasis and lists', () => {
    const msg = '[a](https://a.example) *b [w](https://b.com)*\n- ![c](https://c.example/c.png)\n\njane@d.com';
    expect(readMd(parsed(msg), msg).links).toEqual([
      { url: 'https://a.example', label: 'a' },
      { url: 'https://b.com', label: 'w' },
      { url: 'https://c.example/c.png', label: 'c' },
      { url: 'mailto:jane@d.com', label: 'jane@d.com' },
    ]);
  });

  it('names emoji as reactions do, emoticons by their short code, and characters by themselves', () => {
    expect(readMd(parsed('a :tada: :) 😀'), '').emoji).toEqual([':tada:', ':slight_smile:', '😀']);
    expect(readMd(parsed(':tada:'), '').emoji).toEqual([':tada:']);
  });
});

describe('readMd on shapes of other parser versions', () => {
  it('lists no link without an address', () => {
    const linksTo = (src: unknown) =>
      readMd([paragraph({ type: 'LINK', value: { src, label: [plain('here')] } })], '').links;
    expect(linksTo(plain('https://a.b'))).toEqual([{ url: 'https://a.b', label: 'here' }]);
    expect([linksTo(plain('')), linksTo({ type: 'NEW', value: [plain('https://a.b')] })]).toEqual([[], []]);
  });

  const link = (label: unknown) => paragraph({ type: 'LINK', value: { src: plain('//mailto:a@b.c'), label } });
  it.each([
    ['a link whose label is one node', link(plain('a@b.c')), 'a@b.c'],
    ['a link without a label', link([]), '//mailto:a@b.c'],
    [
      'a link whose address is no text, but a node with one in it',
      paragraph({ type: 'LINK', value: { src: { type: 'NEW', value: [plain('a@b.c')] }, label: [plain('mail ')] } }),
      'mail a@b.c',
    ],
    ['an emoji without a short code', paragraph({ type: 'EMOJI', value: plain('smile') }), ':smile:'],
    ['an emoticon without a short code', paragraph({ type: 'EMOJI', value: plain(':)') }), ':)'],
    ['an emoji of a short code alone', paragraph({ type: 'EMOJI', shortCode: 'smile' }), ':smile:'],
    ['a spoiler', paragraph({ type: 'SPOILER', value: [plain('he dies')] }), 'he dies'],
    ['a spoiler block', { type: 'SPOILER_BLOCK', value: [paragraph(plain('a')), paragraph(plain('b'))] }, 'a\nb'],
    ['a heading with markup', { type: 'HEADING', level: 1, value: [{ type: 'BOLD', value: [plain('x')] }] }, 'x'],
    ['a block quote', { type: 'BLOCKQUOTE', value: [paragraph(plain('q'))] }, '> q'],
    ['a rule', { type: 'HORIZONTAL_RULE', fallback: [0, 3] }, '---'],
    ['a colour with alpha', paragraph({ type: 'COLOR', value: { r: 1, g: 2, b: 255, a: 128 } }), '#0102ff80'],
    [
      'code in a quote, every line marked',
      { type: 'QUOTE', value: [{ type: 'CODE', value: [plain('a'), plain('b')] }, paragraph(plain('c'))] },
      '> a\n> b\n> c',
    ],
    [
      'a table',
      {
        type: 'TABLE',
        value: {
          header: [
            { type: 'TABLE_CELL', value: [plain('name')] },
            { type: 'TABLE_CELL', value: [plain('size')] },
          ],
          rows: [
            {
              type: 'TABLE_ROW',
              value: [
                { type: 'TABLE_CELL', value: [{ type: 'BOLD', value: [plain('a')] }] },
                { type: 'TABLE_CELL', value: [plain('1')] },
              ],
            },
          ],
        },
        fallback: [0, 30],
      },
      'name | size\na | 1',
    ],
  ])('reads %s', (_, block, text) => expect(readMd([block], 'source of the message').text).toBe(text));

  it.each([
    [[3, 19], 'at <t:1630360800:R>!', '<t:1630360800:R>'],
    // ISO in the source, seconds in the tree: what was written is shown.
    [[0, 37], '<t:2021-08-30T22:00:00.000+00:00:R>__', '<t:1630360800:R>'],
    [[0, 35], '<t:2021-08-30T22:00:00.000+00:00:R>__', '<t:2021-08-30T22:00:00.000+00:00:R>'],
    [[5, 2], 'at <t:1630360800:R>!', '<t:1630360800:R>'],
    [[0, 19], 'at <t:1630360800:R>!', '<t:1630360800:R>'],
    [[0, 1e9], 'short', '<t:1630360800:R>'],
    [plain('<t:1630360800:R>'), '', '<t:1630360800:R>'],
    [undefined, '', '<t:1630360800:R>'],
  ])('reads a time stamp with the fallback %j', (fallback, msg, text) => {
    const stamp = { type: 'TIMESTAMP', value: { timestamp: '1630360800', format: 'R' }, fallback };
    expect(readMd([paragraph(stamp)], msg).text).toBe(text);
  });

  it('reads a node it does not know as the text below it, or as the source it points to', () => {
    expect(readMd([{ type: 'CARD', title: [plain('a')], value: { body: plain('b') } }], '').text).toBe('ab');
    expect(readMd([{ type: 'MATH', value: { tex: 'x' }, fallback: [4, 7] }], 'see x^2').text).toBe('x^2');
  });

  it('takes each piece of the source once, so that a tree cannot multiply it', () => {
    const node = { type: 'NEW', fallback: [0, 1000] };
    expect(readMd(Array(1000).fill(node), 'x'.repeat(1000)).text.trim()).toBe('x'.repeat(1000));
  });
});
