import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { messageTables } from '../../src/tables/tables.ts';
import { flattenRaw } from '../support/messages/raw-message.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const fields = [
  ...[
    'rid',
    '_updatedAt',
    'u',
    'alias',
    't',
    'msg',
    'md',
    'mentions',
    'channels',
    'reactions',
    'tmid',
    'tshow',
    'tcount',
  ],
  ...['tlm', 'replies', 'drid', 'dcount', 'dlm', 'editedAt', 'editedBy', 'pinned', 'pinnedAt', 'pinnedBy', 'starred'],
  ...['attachments', 'files', 'file', 'urls', 'e2e', 'bot', 'imported', 'location', 'content', 'e2eMentions'],
  ...[
    'translations',
    'customFields',
    'token',
    'navigation',
    'transferData',
    'role',
    'comment',
    'blocks',
    'parent',
    'new',
  ],
];
const names = [
  ...[
    '_id',
    'username',
    'name',
    'fname',
    'type',
    'usernames',
    'names',
    'url',
    'meta',
    'i',
    'title',
    'author_name',
    'text',
  ],
  ...['pretext', 'description', 'fields', 'value', 'short', 'actions', 'attachments', 'message_link', 'title_link'],
  ...['image_url', 'image_type', 'audio_url', 'thumb_url', 'author_link', 'author_icon', 'fileId', 'size', 'typeGroup'],
  ...['federationReactionEventIds', 'source', '__proto__', 'constructor'],
];
const types = ['PARAGRAPH', 'PLAIN_TEXT', 'file', 'user', 'team', 'thumb', 'removed-file'];

/** In the place of a text that is to be found again. */
const leaf = { leaf: true } as const;

const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    { weight: 4, arbitrary: fc.constant(leaf) },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(null, 5, true, ...types) },
    { weight: 3, arbitrary: tie('record') },
    { weight: 3, arbitrary: fc.array(tie('record'), { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
  ),
  record: fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 6 }),
})).value;

const rest = fc.dictionary(fc.constantFrom('meta', 'flags', 'type', 'source'), value, { maxKeys: 2 });

/** A record as servers send it, and what else a later one may put into it. */
function known(...readable: readonly string[]): fc.Arbitrary<object> {
  const parts = fc.subarray([...readable]).map((some) => Object.fromEntries(some.map((name) => [name, leaf])));
  return fc.tuple(parts, rest).map(([own, more]) => ({ ...more, ...own }));
}

const always = (name: string, record: fc.Arbitrary<object>) => record.map((more) => ({ ...more, [name]: leaf }));
const some = (record: fc.Arbitrary<object>) => fc.array(record, { minLength: 1, maxLength: 2 });
const attachment = known(
  ...[
    'title',
    'author_name',
    'text',
    'pretext',
    'description',
    'message_link',
    'title_link',
    'image_url',
    'image_type',
  ],
  ...['audio_type', 'thumb_url', 'author_link', 'author_icon', 'fileId'],
);

/** Fields as they should be: of random shapes nearly all are wrong, and kept whole. */
const ordinary = fc.record(
  {
    u: known('_id', 'username', 'name'),
    editedBy: known('_id', 'username', 'name'),
    pinnedBy: known('_id', 'username'),
    bot: known('i'),
    starred: some(always('_id', known())),
    urls: some(always('url', known())),
    channels: some(always('_id', always('name', known('fname')))),
    mentions: some(known('_id', 'username', 'name', 'fname').map((mention) => ({ ...mention, type: 'team' }))),
    reactions: fc.dictionary(
      fc.constantFrom(':tada:', ':own:'),
      known().map((more) => ({ ...more, usernames: [leaf], names: [leaf] })),
    ),
    attachments: some(
      fc.tuple(attachment, some(attachment)).map(([outer, attachments]) => ({ ...outer, attachments })),
    ),
    files: some(known('_id', 'name', 'type').map((file) => ({ ...file, size: 5 }))),
    file: known('_id', 'name', 'type'),
  },
  { requiredKeys: [] },
);

const message = fc
  .tuple(fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 4 }), ordinary)
  .map(([odd, usual]) => ({ ...odd, ...usual }));

/** Puts a text of its own in the place of each leaf. */
function withTexts(shape: unknown, texts: string[]): unknown {
  if (shape === leaf) {
    texts.push(`<${String(texts.length)}>`);
    return texts.at(-1);
  }
  if (Array.isArray(shape)) return shape.map((part) => withTexts(part, texts));
  if (typeof shape !== 'object' || shape === null) return shape;
  return Object.fromEntries(Object.entries(shape).map(([key, part]) => [key, withTexts(part, texts)]));
}

describe('a message of any shape', () => {
  it('has every text of it in some column', () => {
    const tables = Object.values(messageTables({ md: true }));
    fc.assert(
      fc.property(message, (shape) => {
        const texts: string[] = [];
        const raw = withTexts(shape, texts) as object;
        const columns = JSON.stringify(tables.flatMap((table) => table.rows([flattenRaw(raw)])));
        expect(texts.filter((text) => !columns.includes(text))).toEqual([]);
      }),
      { numRuns: quickOrLong(25, 2000) },
    );
  });
});
