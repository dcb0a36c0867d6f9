import { parse } from '@rocket.chat/message-parser';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { html } from '../../../src/transcript/markup/html.ts';
import { mdHtml } from '../../../src/transcript/markup/md-html.ts';

const options = { colors: true, emoticons: true, katex: { dollarSyntax: true, parenthesisSyntax: true } };
const shown = (msg: string): string => onOneLine(mdHtml(parse(msg, options)).source);
/** Between tags line feeds mean nothing. */
const onOneLine = (source: string): string => source.replaceAll(/(?<=^|>)\n|\n(?=<|$)/g, '').replaceAll(' />', '>');
const text = (value: string): unknown => ({ type: 'PLAIN_TEXT', value });

describe('md of the parser', () => {
  it.each([
    ['*a* _b_ ~c~ `d`', '<p dir="auto"><strong>a</strong> <em>b</em> <s>c</s> <code dir="ltr">d</code></p>'],
    ['# Title', '<p class="heading" dir="auto">Title</p>'],
    ['- a\n- b', '<ul dir="auto"><li><span>a</span></li><li><span>b</span></li></ul>'],
    ['3. a\n4. b', '<ol dir="auto"><li value="3"><span>a</span></li><li value="4"><span>b</span></li></ol>'],
    ['> a', '<blockquote><p dir="auto">a</p></blockquote>'],
    ['```js\na\nb\n```', '<pre tabindex="0"><code dir="ltr">a\nb</code></pre>'],
    ['a\n\nb', '<p dir="auto">a</p><p class="gap"></p><p dir="auto">b</p>'],
    [
      'hello @anna in #general',
      '<p dir="auto">hello <span class="mention">@<bdi>anna</bdi></span> in <span class="mention">#<bdi>general</bdi></span></p>',
    ],
    ['||secret||', '<p dir="auto"><span class="spoiler">secret</span></p>'],
    ['\\(x^2\\)', '<p dir="auto"><code class="tex" dir="ltr">x^2</code></p>'],
    ['[a](https://example.org)', '<p dir="auto"><a href="https://example.org/" rel="noreferrer">a</a></p>'],
    ['color:#ff0000', '<p dir="auto"><code class="color">#ff0000</code></p>'],
    [
      'a <t:1630360800:R>',
      '<p dir="auto">a <time datetime="2021-08-30T22:00:00.000Z">2021-08-30 22:00:00 UTC</time></p>',
    ],
    [
      '- [x] a\n- [ ] b',
      '<ul class="tasks" dir="auto"><li><span role="img" aria-label="done">☑</span>a</li><li><span role="img" aria-label="to do">☐</span>b</li></ul>',
    ],
    ['so :tada:', '<p dir="auto">so <span class="emoji" role="img" aria-label=":tada:" title=":tada:">🎉</span></p>'],
    ['fine :)', '<p dir="auto">fine <span class="emoji" title=":slight_smile:">:)</span></p>'],
  ])('%j', (msg, expected) => {
    expect(shown(msg)).toBe(expected);
  });

  it('shows tables, rules, formulas, blocks of spoilers and pictures, which are links', () => {
    const cell = (value: string): unknown => ({ type: 'TABLE_CELL', value: [text(value)] });
    const row = (...cells: readonly unknown[]): unknown => ({ type: 'TABLE_ROW', value: cells });
    const tree = [
      { type: 'TABLE', value: { header: row(cell('h')), rows: [row(cell('<c>'))] } },
      { type: 'HORIZONTAL_RULE' },
      { type: 'KATEX', value: 'x<y' },
      { type: 'SPOILER_BLOCK', value: [{ type: 'PARAGRAPH', value: [text('s')] }] },
      { type: 'IMAGE', value: { src: text('https://example.org/a.png'), label: text('pic') } },
    ];
    expect(onOneLine(mdHtml(tree).source)).toBe(
      '<div class="wide" tabindex="0" role="group" aria-label="Table"><table><thead><tr><th scope="col">h</th></tr></thead>' +
        '<tbody><tr><td>&lt;c&gt;</td></tr></tbody></table></div><hr>' +
        '<pre tabindex="0"><code class="tex" dir="ltr">x&lt;y</code></pre>' +
        '<div class="spoiler"><p dir="auto">s</p></div>' +
        '<a href="https://example.org/a.png" rel="noreferrer">pic</a>',
    );
  });

  it('shows a link that must not lead anywhere as text, with its address', () => {
    const link = { type: 'LINK', value: { src: text('javascript:alert(1)'), label: [text('click')] } };
    expect(mdHtml([link]).source).toBe('click (javascript:alert(1))');
  });

  it('gives a link without words some: a quote begins with one', () => {
    expect(shown('[ ](https://chat.example.org/group/x?msg=y) yes')).toContain(
      '<a href="https://chat.example.org/group/x?msg=y" rel="noreferrer" aria-label="The quoted message">↪</a>',
    );
  });

  it('keeps the text of nodes that nobody knows, and of trees as deep as anybody likes', () => {
    expect(mdHtml([{ type: 'NEW', value: [text('a')], aside: [text('b')] }]).source).toBe('ab');
    let deep: unknown = text('bottom');
    for (let level = 0; level < 5_000; level++) deep = { type: 'BOLD', value: [deep] };
    expect(mdHtml([deep]).source).toContain('bottom');
  });

  it('never fails, and never writes a tag that is not its own, whatever the tree', () => {
    const types = ['LINK', 'EMOJI', 'TABLE', 'TIMESTAMP', 'COLOR', 'ORDERED_LIST', 'CODE', 'TASK', 'PARAGRAPH', 'NEW'];
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constant('<script>'),
        fc.integer(),
        fc.record({ type: fc.constantFrom(...types), value: tie('value') }),
      ),
      value: fc.oneof(
        fc.array(tie('node'), { maxLength: 3 }),
        fc.record({
          src: tie('node'),
          label: tie('value'),
          timestamp: fc.string(),
          header: tie('node'),
          rows: tie('node'),
        }),
        tie('node'),
        fc.constant(null),
      ),
    }));
    fc.assert(
      fc.property(tree.node, (node) => {
        expect(mdHtml([node]).source).not.toContain('<script');
      }),
    );
  });
});

it('the text of a plain message is what it was', () => {
  expect(mdHtml(parse('a < b & c', options)).source).toBe(html`<p dir="auto">${'a < b & c'}</p>`.source);
});
