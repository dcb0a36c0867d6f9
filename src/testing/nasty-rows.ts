import type { FileSchema } from '../sinks/sink.ts';
import type { ColumnSpec, Row } from '../model/column.ts';

/** Every type a column can have, with null and without. */
const columns: readonly ColumnSpec[] = [
  { name: 'id', type: { kind: 'int' }, nullable: false },
  { name: 'name', type: { kind: 'string' }, nullable: false },
  { name: 'text', type: { kind: 'string' }, nullable: true },
  { name: 'ts', type: { kind: 'timestamp' }, nullable: false },
  { name: 'edited_at', type: { kind: 'timestamp' }, nullable: true },
  { name: 'size', type: { kind: 'int' }, nullable: true },
  { name: 'pinned', type: { kind: 'boolean' }, nullable: false },
  { name: 'shown', type: { kind: 'boolean' }, nullable: true },
  { name: 'extra', type: { kind: 'json' }, nullable: true },
  { name: 'tags', type: { kind: 'strings' }, nullable: false },
  { name: 'maybe_tags', type: { kind: 'strings' }, nullable: true },
  {
    name: 'reactions',
    type: {
      kind: 'structs',
      fields: [
        { name: 'emoji', kind: 'string' },
        { name: 'count', kind: 'int' },
        { name: 'usernames', kind: 'strings' },
        { name: 'first_at', kind: 'timestamp' },
        { name: 'mine', kind: 'boolean' },
      ],
    },
    nullable: false,
  },
  {
    name: 'maybe_reactions',
    type: {
      kind: 'structs',
      fields: [
        { name: 'emoji', kind: 'string' },
        { name: 'usernames', kind: 'strings' },
      ],
    },
    nullable: true,
  },
];

export const nastySchema: FileSchema = {
  table: 'messages',
  columns,
  metadata: { schema_version: '1', tool: 'rocketchat-export', 'naïve 👍': '"=1+1"\n' },
};

const plainRow: Row = {
  id: 0,
  name: 'plain',
  text: 'text',
  ts: new Date('2024-05-01T12:34:56.789Z'),
  edited_at: null,
  size: null,
  pinned: false,
  shown: null,
  extra: null,
  tags: [],
  maybe_tags: null,
  reactions: [],
  maybe_reactions: null,
};

const texts = [
  '',
  ' ',
  '"',
  '""quoted""',
  'comma, semicolon; tab\t pipe|',
  'line\nfeed',
  'carriage\rreturn',
  'both\r\n',
  '\n',
  '\r',
  'nul\0nul',
  '\u0001\u001f\u007f\u0085',
  'separators \u2028 and \u2029',
  'byte order \ufeff mark',
  "=cmd|' /C calc'!A0",
  '+1',
  '-1',
  '@SUM(A1)',
  '\\N',
  'NULL',
  'null',
  'true',
  '007',
  '1e5',
  '2024-05-01',
  'back\\slash \\ud800 \\u0000 \\"',
  'lone \ud83d high',
  'lone \udc4d low',
  '\udc4d\ud83d swapped',
  'not lone 👍🏽 👩‍👩‍👧',
  'עברית \u202eright to left',
  'é and e\u0301',
  '！～ｱ full width',
  '\uffff\ue000',
  '\u{10ffff}',
  '[1,2]',
  '{"a":1}',
  '__proto__',
];

const numbers = [0, 1, -1, 2 ** 31, -(2 ** 31) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];

const dates = [
  '1970-01-01T00:00:00.000Z',
  '1969-12-31T23:59:59.999Z',
  '1900-02-28T23:59:59.001Z',
  '0001-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '2024-02-29T00:00:00.000Z',
];

const jsons: Row['extra'][] = [
  {},
  [],
  '',
  'text "quoted", with a \n and \ud800',
  0,
  -1.5,
  1e21,
  true,
  false,
  [null, [1, 'a'], {}],
  { a: { b: [{ c: null }] }, 'key "with" quotes': ',', '': '', ключ: '👍' },
];

const lists = [
  [''],
  ['a', '', ',', '"', '\n', 'null'],
  ['\0', '👍', '\ud83d'],
  Array.from({ length: 1000 }, (_, index) => `#${index}`),
];

const reactions: Row['reactions'][] = [
  [{ emoji: ':tada:', count: 2, usernames: ['a', 'b'], first_at: new Date(0), mine: true }],
  [
    { emoji: null, count: null, usernames: [], first_at: null, mine: null },
    { emoji: '', count: Number.MAX_SAFE_INTEGER, usernames: [''], first_at: new Date(-1), mine: false },
    { emoji: '"\n😀', count: -1, usernames: ['"', ',', '\ud83d'], first_at: null, mine: null },
  ],
];

/** What no writer may stumble over: each row differs from a plain one in a value or two. */
export const nastyRows: readonly Row[] = [
  plainRow,
  ...texts.flatMap((text) => [
    { ...plainRow, text },
    { ...plainRow, name: text, text: null },
  ]),
  ...numbers.map((size) => ({ ...plainRow, size })),
  ...dates.map((date) => ({ ...plainRow, ts: new Date(date), edited_at: new Date(date) })),
  ...[true, false].map((flag) => ({ ...plainRow, pinned: flag, shown: flag })),
  ...jsons.map((extra) => ({ ...plainRow, extra })),
  ...[[], ...lists].map((tags) => ({ ...plainRow, tags, maybe_tags: tags })),
  ...reactions.map((list) => ({ ...plainRow, reactions: list })),
  ...[
    [],
    [
      { emoji: null, usernames: [] },
      { emoji: ':tada:', usernames: ['a', ''] },
    ],
  ].map((list) => ({
    ...plainRow,
    maybe_reactions: list,
  })),
].map((row, id) => ({ ...row, id }));

const manyReactions = Array.from({ length: 10_000 }, (_, index) => ({
  emoji: `:emoji-${index}:`,
  count: index,
  usernames: index % 3 === 0 ? [] : [`user.${index}`, 'ünïcode'],
  first_at: new Date(index),
  mine: index % 2 === 0,
}));

/** More text than any buffer or block on the way holds: 1.1 MB, every character of which some format must escape. */
export const hugeMessageRow: Row = { ...plainRow, id: nastyRows.length, text: 'é😀"\n'.repeat(140 * 1024) };

/** Ten thousand structs in one cell. */
export const hugeListRow: Row = { ...plainRow, id: nastyRows.length + 1, reactions: manyReactions };
