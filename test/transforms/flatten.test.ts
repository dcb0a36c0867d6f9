import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJsonText } from '../../src/model/json/parse-json-text.ts';
import { parseMessage } from '../../src/model/message.ts';
import { flatten } from '../../src/transforms/flatten.ts';
import { context, flattenRaw } from '../support/messages/raw-message.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const plainMd = (value: string) => [{ type: 'PARAGRAPH', value: [{ type: 'PLAIN_TEXT', value }] }];

describe('flatten', () => {
  it('names the message of which a hidden one is an earlier version, and no other parent', () => {
    expect(flattenRaw({ _hidden: true, parent: 'm0' }).versionOf).toBe('m0');
    expect(flattenRaw({ parent: 'm0' }).versionOf).toBeNull();
  });

  it('reads every field of an ordinary message', () => {
    const flat = flattenRaw({
      _updatedAt: '2024-03-01T00:00:00.000Z',
      u: { _id: 'u1', username: 'jane', name: 'Jane Doe' },
      alias: 'CI',
      msg: '*hi*',
      md: plainMd('hi'),
      channels: [{ _id: 'c1', name: 'general' }],
      tmid: 'm0',
      tshow: true,
      tcount: 2,
      tlm: '2024-03-02T00:00:00.000Z',
      drid: 'd1',
      dcount: 0,
      dlm: { $date: 1709337600000 },
      editedAt: '2024-03-03T00:00:00.000Z',
      editedBy: { _id: 'u2', username: 'joe' },
      pinned: true,
      pinnedAt: '2024-03-04T00:00:00.000Z',
      pinnedBy: { _id: 'u3', username: 'ann' },
      starred: [{ _id: 'u1' }, { _id: 'u2' }],
      urls: [{ url: 'https://a.example', meta: { ogTitle: 'A' } }],
    });
    expect(flat).toMatchObject({
      ...context,
      id: 'm1',
      ts: new Date('2024-02-29T12:00:00.123Z'),
      op: 'upsert',
      updatedAt: new Date('2024-03-01T00:00:00.000Z'),
      userId: 'u1',
      username: 'jane',
      userName: 'Jane Doe',
      alias: 'CI',
      type: null,
      msg: '*hi*',
      text: 'hi',
      channelIds: ['c1'],
      channelNames: ['general'],
      threadId: 'm0',
      threadShown: true,
      threadCount: 2,
      threadLastAt: new Date('2024-03-02T00:00:00.000Z'),
      discussionId: 'd1',
      discussionCount: 0,
      discussionLastAt: new Date(1709337600000),
      editedAt: new Date('2024-03-03T00:00:00.000Z'),
      editedById: 'u2',
      editedByUsername: 'joe',
      pinned: true,
      pinnedAt: new Date('2024-03-04T00:00:00.000Z'),
      pinnedByUsername: 'ann',
      starredByIds: ['u1', 'u2'],
      urls: ['https://a.example'],
      encrypted: false,
      extra: { dlm: { $date: 1709337600000 }, pinnedBy: { _id: 'u3' }, urls: [{ meta: { ogTitle: 'A' } }] },
      md: plainMd('hi'),
      badFields: [],
    });
  });

  it('keeps what encrypted, translated and omnichannel messages carry as it came', () => {
    const kept = {
      ...{ location: { type: 'Point', coordinates: [1, 2] }, content: { algorithm: 'rc.v1.aes-sha2' } },
      ...{ e2eMentions: { e2eUserMentions: ['@joe'] }, translations: { de: 'hallo' }, customFields: { ticket: 7 } },
    };
    const omnichannel = {
      ...{ token: 't', navigation: { page: {} }, transferData: { scope: 'agent' }, requestData: { type: 'user' } },
      ...{ slaData: { sla: null }, priorityData: { priority: null } },
    };
    expect(flattenRaw({ ...kept, ...omnichannel })).toMatchObject({ ...kept, omnichannel, extra: null, badFields: [] });
  });

  it('reads a message with nothing in it as nulls and empty lists, none of them bad', () => {
    const flat = flattenRaw({ msg: null, u: null, pinned: null, mentions: null, md: null, reactions: {} });
    expect(flat).toMatchObject({ msg: null, text: null, userId: null, pinned: false, mentions: [], reactions: [] });
    expect(flat).toMatchObject({ md: null, extra: null, badFields: [], starredByIds: [], attachments: [], urls: [] });
  });

  it('reads the single object that older documents have for starred', () => {
    expect(flattenRaw({ starred: { _id: 'u1' } })).toMatchObject({ starredByIds: ['u1'], badFields: [] });
  });

  it.each([[{ t: 'e2e' }], [{ e2e: 'pending' }], [{ e2e: 'done' }]])('takes %j for encrypted', (fields) =>
    expect(flattenRaw(fields)).toMatchObject({ encrypted: true, extra: null }),
  );

  it.each([[[]], [[{ type: 'LINE_BREAK' }]], [null]])('shows msg where md %j says nothing', (md) =>
    expect(flattenRaw({ msg: 'hello', md }).text).toBe('hello'),
  );

  it('keeps fields without a column in extra, verbatim and in the order they came', () => {
    const fields = { zeta: null, groupable: false, msg: 'x', blocks: [{ a: [1] }], html: '<b>', _hidden: true };
    const { extra } = flattenRaw(fields);
    expect(JSON.stringify(extra)).toBe(
      '{"zeta":null,"groupable":false,"blocks":[{"a":[1]}],"html":"<b>","_hidden":true}',
    );
  });

  it('keeps a field named __proto__', () => {
    const raw = parseJsonText('{"_id":"m","ts":"2024-01-01T00:00:00.000Z","__proto__":{"a":1}}');
    expect(JSON.stringify(flatten(parseMessage(raw), context).extra)).toBe('{"__proto__":{"a":1}}');
  });

  it.each([
    ['msg', 5, { msg: null, text: null }],
    ['t', ['uj'], { type: null }],
    ['md', 'text', { md: null, text: null }],
    ['u', 'jane', { userId: null }],
    ['u', { _id: 7, username: 'jane' }, { userId: null, username: 'jane' }],
    ['_updatedAt', 1709337600000, { updatedAt: null }],
    ['tcount', 1.5, { threadCount: null }],
    ['tcount', '2', { threadCount: null }],
    ['dcount', 2 ** 60, { discussionCount: null }],
    ['pinned', 'yes', { pinned: false }],
    ['tshow', 0, { threadShown: null }],
    ['editedBy', [], { editedById: null }],
    ['starred', [{ _id: 'a' }, { _id: 1 }, 5], { starredByIds: ['a'] }],
    ['urls', [{ url: 'u' }, { meta: {} }], { urls: ['u'] }],
    ['channels', [{ _id: 'c', name: 'n' }, null], { channelIds: ['c'], channelNames: ['n'] }],
    ['mentions', {}, { mentions: [] }],
    ['reactions', [], { reactions: [] }],
    ['attachments', 'none', { attachments: [] }],
    ['files', {}, { attachments: [] }],
    ['file', 'a.png', { attachments: [] }],
    ['e2e', true, { encrypted: false }],
    ['rid', 'another room', { roomId: 'r1' }],
  ])('keeps the raw value of %s = %j in extra, and names it', (field, value, expected) => {
    const flat = flattenRaw({ [field]: value });
    expect(flat).toMatchObject({ ...expected, badFields: [field], extra: { [field]: value } });
  });

  const known: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(
    [
      ...['rid', '_updatedAt', 'u', 'alias', 't', 'msg', 'md', 'mentions', 'channels', 'reactions', 'tmid', 'tshow'],
      ...['tcount', 'tlm', 'drid', 'dcount', 'dlm', 'editedAt', 'editedBy', 'pinned', 'pinnedAt', 'pinnedBy'],
      ...['starred', 'attachments', 'files', 'file', 'urls', 'e2e'],
    ].map((field) => [field, fc.jsonValue({ maxDepth: 3 })]),
  );
  const anyMessage = fc
    .tuple(
      fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 }),
      fc.record(
        { ...known, _id: fc.string({ minLength: 1 }), ts: fc.constant('2024-01-01T00:00:00.000Z') },
        {
          requiredKeys: ['_id', 'ts'],
        },
      ),
    )
    .map(([unknown, fields]) => ({ ...unknown, ...fields }));

  it('never throws, and has every field of any message in a column or in extra', () => {
    fc.assert(
      fc.property(anyMessage, (fields) => {
        const text = JSON.stringify(fields);
        const flat = flatten(parseMessage(parseJsonText(text)), context);
        const raw = JSON.parse(text) as Record<string, unknown>;
        const extra = (flat.extra ?? {}) as Record<string, unknown>;
        for (const [field, value] of Object.entries(raw)) {
          if (field in known || field === '_id' || field === 'ts') continue;
          expect(Object.hasOwn(extra, field)).toBe(true);
          expect(extra[field]).toEqual(value);
        }
        for (const field of flat.badFields) expect(extra[field]).toEqual(raw[field]);
        expect(new Set(flat.badFields).size).toBe(flat.badFields.length);
      }),
      { numRuns: quickOrLong(25, 500) },
    );
  });

  it('has the value of every scalar field in its column or in extra', () => {
    const scalars = { msg: 'msg', t: 'type', alias: 'alias', tmid: 'threadId', tcount: 'threadCount' } as const;
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(scalars)), fc.jsonValue(), (field, json) => {
        const value: unknown = JSON.parse(JSON.stringify(json));
        const flat = flattenRaw({ [field]: value });
        const cell = flat[scalars[field as keyof typeof scalars]];
        expect([cell, (flat.extra as Record<string, unknown> | null)?.[field]]).toContainEqual(value);
      }),
    );
  });
});
