import { parse } from '@rocket.chat/message-parser';
import type { Row } from '../../../src/model/column.ts';
import type { JsonValue } from '../../../src/model/json/json-value.ts';
import { fixtureRow, type FixtureRun } from '../archives/revised-archive.ts';
import { messageFixture } from './message-fixture.ts';

/** What runs, loads or moves the page if anything of it is taken for markup. */
export const evilTexts: readonly string[] = [
  '<script>window.hacked = 1</script>',
  '"><img src=x onerror="window.hacked=1">',
  "' onmouseover='window.hacked=1' x='",
  '</p></article></main><style>*{display:none}</style><iframe srcdoc="<script>parent.hacked=1</script>">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '<svg onload="window.hacked=1"><a xlink:href="javascript:window.hacked=1">x</a></svg>',
  '[click](javascript:window.hacked=1) ![p](https://evil.example/p.png) <https://evil.example/?q=%22onload=%22>',
  '{{constructor.constructor("window.hacked=1")()}} ${window.hacked=1} <!--',
  '\u202Egnp.exe \u0000\u0008\ud800 \u2066bidi',
];

const everyNode = `# Heading *one*
## Heading two
*bold _italic ~strike~_* \`code <b>\` ||spoiler|| @anna #general color:#ff8800 :tada: :) \\(x^2 < y\\)
> quoted *words*
> twice
- first
- second [link](https://example.org/a?b=c&d="e")
3. third
4. fourth
- [x] done
- [ ] to do
\`\`\`js
if (a < b && c) { alert("1") } // ${'very '.repeat(60)}long
\`\`\`
\\[\\sum_{i=0}^n i\\]
<t:1630360800:R> https://example.org/${'path/'.repeat(80)} mail@example.org +4930123456
🎉🎉`;

const text = (value: string): JsonValue => ({ type: 'PLAIN_TEXT', value });
const cell = (value: string): JsonValue => ({ type: 'TABLE_CELL', value: [text(value)] });

/** Nodes that no text makes the parser of today write. */
const otherNodes: JsonValue = [
  {
    type: 'TABLE',
    value: {
      header: { type: 'TABLE_ROW', value: ['a', 'b', 'c', 'd'].map((name) => cell(name.repeat(30))) },
      rows: [{ type: 'TABLE_ROW', value: evilTexts.slice(0, 4).map(cell) }],
    },
  },
  { type: 'HORIZONTAL_RULE' },
  { type: 'KATEX', value: '\\frac{a}{b}'.repeat(40) },
  { type: 'SPOILER_BLOCK', value: [{ type: 'PARAGRAPH', value: [text('behind')] }] },
  {
    type: 'FROM_THE_FUTURE',
    value: [text('kept')],
    more: { type: 'IMAGE', value: { src: text('javascript:1'), label: text('p') } },
  },
];

const rtl = 'مرحبا بكم، هذا نص طويل من اليمين إلى اليسار مع English في الوسط و 123. שלום עולם!';

const attachments = (evil: string): Row['attachments'] & object =>
  ['image', 'audio', 'video', 'file', 'quote', 'rich', 'removed'].map((kind) => ({
    ...{ kind, title: `${evil}.png`, author: evil, text: evil, mime_type: 'image/png', size_bytes: 1_234_567 },
    ...{
      url: kind === 'quote' ? 'https://chat.example.org/group/x?msg=message00' : 'javascript:window.hacked=1',
      urls: [],
    },
    file_id: evil,
  }));

const start = Date.parse('2026-03-01T09:00:00Z');

/** A workspace whose every field is hostile, and whose every kind of content is there. */
export function hostileRuns(): readonly FixtureRun[] {
  const evil = (index: number): string => evilTexts[index % evilTexts.length] ?? '';
  const row = (index: number, fields: Row): Row =>
    messageFixture(`message${String(index).padStart(2, '0')}`, { ts: new Date(start + index * 3_700_000), ...fields });
  const edited = { edited_at: new Date(start + 90_000_000), edited_by_username: evil(0) };
  const rows: readonly Row[] = [
    ...evilTexts.map((words, index) =>
      row(index, {
        ...{ msg: words, text: words, user_name: evil(index + 1), username: evil(index + 2), alias: evil(index + 3) },
        ...{ room_title: `Ops ${rtl.slice(0, 12)} ${evil(1)}`, is_bot: index % 2 === 0, imported: index % 3 === 0 },
        ...{
          discussion_id: evil(index),
          discussion_count: 3,
          pinned: true,
          location: { type: 'Point', coordinates: [evil(0)] },
        },
        reactions: [
          { emoji: evil(index), count: 3, usernames: [evil(index), 'anna'] },
          { emoji: ':tada:', count: 1, usernames: ['bo'] },
        ],
        attachments: attachments(evil(index)),
      }),
    ),
    row(20, { msg: everyNode }),
    row(21, { md: otherNodes, msg: 'other nodes' }),
    row(22, { md: parse(everyNode, { colors: true, emoticons: true }), msg: everyNode }),
    row(23, { msg: 'w'.repeat(100_000), username: 'u'.repeat(500), user_name: 'N'.repeat(500) }),
    row(24, { msg: rtl, username: 'نورة', user_name: 'نورة العتيبي' }),
    row(25, { msg: rtl.repeat(20), thread_count: 3 }),
    ...[26, 27, 28].map((index) => row(index, { msg: `reply ${index}`, thread_id: 'message25' })),
    row(29, { type: 'room_changed_topic', is_system: true, system_value: evil(0), msg: evil(0) }),
    row(30, { type: evil(1), is_system: true, msg: evil(1) }),
    row(31, { msg: 'We meet at three in the large room, and bring the <old> plan', ...edited }),
    row(32, { msg: 'to be deleted: *all* of it' }),
    row(33, { encrypted: true, type: 'e2e', msg: 'Y2lwaGVydGV4dA==' }),
    row(34, { msg: '', text: '', md: null }),
  ];
  const kept = fixtureRow('message_versions', {
    ...row(31, { msg: 'We meet at two in the small room, and bring the plan', ...edited }),
    ...{ version_id: 'v31', message_id: 'message31' },
  });
  const later = [
    row(31, {
      msg: `We meet at four in the large room, and bring ${evil(0)}`,
      ...edited,
      edited_at: new Date(start + 180_000_000),
      run: 2,
    }),
    row(32, { op: 'delete', msg: null, username: null, deleted_at: new Date(start + 200_000_000), run: 2 }),
  ];
  return [
    { tables: { messages: { first: rows }, message_versions: { first: [kept] } }, md: true },
    { tables: { messages: { revising: later } }, md: true },
  ];
}
