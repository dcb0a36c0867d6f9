import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readMd } from '../../../src/transforms/md/read-md.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const nodeTypes = [
  ...['PARAGRAPH', 'HEADING', 'UNORDERED_LIST', 'ORDERED_LIST', 'LIST_ITEM', 'TASKS', 'TASK', 'QUOTE', 'BLOCKQUOTE'],
  ...['SPOILER_BLOCK', 'CODE', 'CODE_LINE', 'KATEX', 'LINE_BREAK', 'HORIZONTAL_RULE', 'TABLE', 'TABLE_ROW'],
  ...['TABLE_CELL', 'BIG_EMOJI', 'BOLD', 'ITALIC', 'STRIKE', 'SPOILER', 'INLINE_CODE', 'LINK', 'IMAGE'],
  ...['MENTION_USER', 'MENTION_CHANNEL', 'EMOJI', 'COLOR', 'INLINE_KATEX', 'TIMESTAMP', 'FROM_THE_FUTURE'],
];

const garbage = fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.jsonValue({ maxDepth: 2 }));

/** Trees of every node type with anything in every place. Leaves get numbers later, to tell one from another. */
const { tree } = fc.letrec<{ tree: unknown; node: unknown; list: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.constant({ type: 'PLAIN_TEXT', value: '' }),
  list: fc.array(tie('tree'), { maxLength: 4 }),
  node: fc.record(
    {
      type: fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...nodeTypes) }, garbage),
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        tie('leaf'),
        tie('list'),
        tie('tree'),
        fc.record({ src: tie('leaf'), label: tie('tree') }, { requiredKeys: [] }),
        fc.record({ header: tie('list'), rows: tie('tree') }, { requiredKeys: [] }),
        fc.record({ timestamp: fc.string(), format: fc.string() }),
      ),
      number: garbage,
      status: garbage,
      unicode: garbage,
      fallback: fc.oneof(fc.tuple(fc.nat(40), fc.nat(40)), tie('leaf')),
    },
    { requiredKeys: [] },
  ),
  tree: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('leaf'), tie('node'), tie('list'), garbage),
}));

const md = fc.array(tree, { maxLength: 5 });

/** Gives every PLAIN_TEXT leaf a text of its own. */
function numberLeaves(node: unknown, next = { number: 0 }): unknown {
  if (Array.isArray(node)) return node.map((child) => numberLeaves(child, next));
  if (typeof node !== 'object' || node === null) return node;
  if ('type' in node && node.type === 'PLAIN_TEXT') return { type: 'PLAIN_TEXT', value: `<${next.number++}>` };
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, numberLeaves(value, next)]));
}

/** The leaves a reader sees, in order, by the plainest recursion. */
function leaves(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(leaves);
  if (typeof node !== 'object' || node === null) return [];
  const record = node as Record<string, unknown>;
  const { type, value } = record;
  if (type === 'PLAIN_TEXT') return [value as string];
  if (typeof type !== 'string' || !nodeTypes.includes(type) || type === 'FROM_THE_FUTURE') {
    return Object.values(record).flatMap(leaves);
  }
  // A time stamp's fallback is what is shown of it; of other known nodes it repeats the source.
  const fallback = type === 'TIMESTAMP' && !Array.isArray(record['fallback']) ? leaves(record['fallback']) : [];
  return [
    ...fallback,
    ...((type === 'LINK' || type === 'IMAGE') && isLink(value) ? leaves(value.label) : leaves(value)),
  ];
}

function isLink(value: unknown): value is { src?: unknown; label?: unknown } {
  return typeof value === 'object' && value !== null && ('src' in value || 'label' in value);
}

/** Whether the parts are all in the text, none overlapping another, in order. */
function inOrder(text: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}

describe('readMd', () => {
  it('keeps every PLAIN_TEXT leaf of any tree, whole and in order, and never throws', () => {
    fc.assert(
      fc.property(md, fc.string({ maxLength: 40 }), (blocks, msg) => {
        const numbered = numberLeaves(blocks) as unknown[];
        const { text } = readMd(numbered, msg);
        expect(inOrder(text, numbered.flatMap(leaves))).toBe(true);
      }),
      { numRuns: quickOrLong(250, 2500) },
    );
  });

  it('keeps the address of every link of a label that can be read', () => {
    // What makes addresses of all kinds takes a second to be built.
    const url = quickOrLong(() => fc.nat().map((number) => `https://example.org/${number}?a=%20#b`), fc.webUrl)();
    fc.assert(
      fc.property(fc.array(fc.tuple(url, fc.string()), { maxLength: 5 }), (pairs) => {
        const links = pairs.map(([url, label]) => ({
          type: 'LINK',
          value: { src: { type: 'PLAIN_TEXT', value: url }, label: [{ type: 'PLAIN_TEXT', value: label }] },
        }));
        const expected = pairs.map(([url, label]) => ({ url, label: label === '' ? null : label }));
        expect(readMd([{ type: 'PARAGRAPH', value: links }], null).links).toEqual(expected);
      }),
      { numRuns: quickOrLong(30, 300) },
    );
  });

  it.each(['BOLD', 'QUOTE', 'LINK', 'TABLE', 'TABLE_ROW', 'UNORDERED_LIST', 'EMOJI', 'FROM_THE_FUTURE'])(
    'reads %s nested ten thousand deep without losing a leaf',
    (type) => {
      let node: unknown = { type: 'PLAIN_TEXT', value: '<the end>' };
      for (let depth = 0; depth < 10_000; depth++) {
        const inner = [{ type: 'PLAIN_TEXT', value: '.' }, node];
        const shapes: Record<string, unknown> = { LINK: { label: inner }, TABLE: { rows: inner } };
        node = { type, value: shapes[type] ?? inner };
      }
      const { text } = readMd([node], null);
      expect(text.match(/\./g)).toHaveLength(10_000);
      expect(text).toContain('<the end>');
    },
  );

  it('reads ten thousand lists inside each other', () => {
    let node: unknown = 'end';
    for (let depth = 0; depth < 10_000; depth++) node = [node];
    expect(readMd([node], null).text).toBe('end');
  });

  it('does work in proportion to the message: a megabyte of nodes and of text', () => {
    const words = Array.from({ length: 60_000 }, () => ({
      type: 'BOLD',
      value: [{ type: 'PLAIN_TEXT', value: 'word ' }],
    }));
    const long = { type: 'PLAIN_TEXT', value: 'x'.repeat(1_000_000) };
    const { text } = readMd(
      [
        { type: 'PARAGRAPH', value: words },
        { type: 'PARAGRAPH', value: [long] },
      ],
      null,
    );
    expect(text).toHaveLength(60_000 * 5 + 1 + 1_000_000);
  });
});
