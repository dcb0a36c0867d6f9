import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { withDemoServer } from '../../support/network/demo-client.ts';

const workspace = createSampleWorkspace();
const groups = workspace.rooms.filter(({ type }) => type === 'p');
const stored = groups.flatMap(({ messages }) => messages);
const documents = stored.map((message) => message.document());
const visible = documents.filter(({ _hidden }) => _hidden !== true);

function hash(of: Workspace): string {
  const sum = createHash('sha256');
  for (const room of of.rooms) for (const message of room.messages) sum.update(message.bytes()).update('\n');
  return sum.digest('hex');
}

const mdText = (document: MessageDocument): string => JSON.stringify(document['md'] ?? null);
const list = (value: unknown): readonly Record<string, unknown>[] =>
  Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
const mentionsOf = (document: MessageDocument) => list(document['mentions']);
const attachmentsOf = (document: MessageDocument) => list(document['attachments']);
const reactionsOf = (document: MessageDocument) =>
  Object.entries((document['reactions'] ?? {}) as Record<string, object>);

/** What each kind of message looks like, and how many of them a lifelike workspace has at least. */
const features: readonly (readonly [string, number, (document: MessageDocument) => boolean])[] = [
  [
    'parents of threads',
    100,
    ({ tcount, tlm, replies }) => Number(tcount) > 0 && typeof tlm === 'string' && list(replies).length > 0,
  ],
  ['thread replies', 300, ({ tmid }) => typeof tmid === 'string'],
  ['replies shown in the room', 30, ({ tmid, tshow }) => typeof tmid === 'string' && tshow === true],
  ['several reactions', 100, (document) => reactionsOf(document).length > 1],
  ['reactions with real names', 100, (document) => reactionsOf(document).some(([, one]) => 'names' in one)],
  ['reactions without', 20, (document) => reactionsOf(document).some(([, one]) => !('names' in one))],
  ['reactions beyond ASCII', 20, (document) => reactionsOf(document).some(([emoji]) => /[^ -~]/.test(emoji))],
  ['mentions of users', 300, (document) => mentionsOf(document).some(({ type }) => type === 'user')],
  ['mentions of teams', 10, (document) => mentionsOf(document).some(({ type }) => type === 'team')],
  ['mentions of all', 10, (document) => mentionsOf(document).some(({ _id }) => _id === 'all')],
  ['mentions of here', 5, (document) => mentionsOf(document).some(({ _id }) => _id === 'here')],
  ['mentions of rooms', 5, ({ channels }) => list(channels).length > 0],
  ['edits', 80, ({ editedAt, editedBy, t }) => typeof editedAt === 'string' && editedBy !== undefined && t !== 'rm'],
  [
    'pins',
    10,
    ({ pinned, pinnedAt, pinnedBy }) => pinned === true && typeof pinnedAt === 'string' && pinnedBy !== undefined,
  ],
  ['pins taken back', 3, ({ pinned, pinnedAt }) => pinned === false && typeof pinnedAt === 'string'],
  ['stars', 20, ({ starred }) => list(starred).length > 0],
  ['stars taken back', 5, ({ starred }) => Array.isArray(starred) && starred.length === 0],
  ['stars of old', 1, ({ starred }) => typeof starred === 'object' && starred !== null && !Array.isArray(starred)],
  ['images', 20, (document) => attachmentsOf(document).some((one) => 'image_url' in one)],
  ['audio', 5, (document) => attachmentsOf(document).some((one) => 'audio_url' in one)],
  ['video', 5, (document) => attachmentsOf(document).some((one) => 'video_url' in one)],
  [
    'other files',
    10,
    (document) => list(document['files']).length === 1 && attachmentsOf(document).some((one) => 'size' in one),
  ],
  ['removed files', 5, (document) => attachmentsOf(document).some(({ text }) => text === '_File removed by prune_')],
  ['quotes', 50, (document) => attachmentsOf(document).some((one) => 'message_link' in one)],
  [
    'quotes in quotes',
    1,
    (document) => attachmentsOf(document).some((one) => 'message_link' in one && list(one['attachments']).length > 0),
  ],
  ['webhook reports', 10, (document) => attachmentsOf(document).some((one) => 'fields' in one)],
  ['links with meta', 50, ({ urls }) => list(urls).some(({ meta }) => Object.keys(Object(meta) as object).length > 0)],
  ['encrypted messages', 10, ({ t, e2e }) => t === 'e2e' && typeof e2e === 'string'],
  ['encrypted content', 5, ({ content }) => content !== undefined],
  ['unknown fields', 5, (document) => 'x-trace' in document],
  ['custom fields', 3, ({ customFields }) => customFields !== undefined],
  ['blocks without text', 3, (document) => 'blocks' in document && !('msg' in document)],
  ['explicit nulls', 3, ({ alias }) => alias === null],
  ['blocks with an empty text', 3, ({ blocks, msg, t }) => list(blocks).length > 1 && msg === '' && t === undefined],
  ['video calls', 3, ({ t, blocks }) => t === 'videoconf' && list(blocks)[0]?.['type'] === 'video_conf'],
  ['encrypted mentions', 1, ({ e2eMentions }) => e2eMentions !== undefined],
  ['translations', 5, ({ translations }) => translations !== undefined],
  ['translated attachments', 2, (document) => attachmentsOf(document).some((one) => 'translations' in one)],
  ['rows for one person', 2, ({ private: isPrivate }) => isPrivate === true],
  ['rows of visitors', 3, ({ token, t }) => typeof token === 'string' && t === undefined],
  ['bots', 20, ({ bot }) => bot !== undefined],
  ['imported rows', 100, ({ imported, importIds }) => imported === true && list(importIds).length > 0],
  ['imported files', 5, (document) => '_importFile' in document],
  ['messages without a tree', 800, (document) => document['t'] === undefined && !('md' in document)],
  ['messages with one', 1500, (document) => 'md' in document],
  ['authors without a real name', 100, ({ u, ts }) => u.name === undefined && ts < '2019'],
  [
    'links of old parsers',
    5,
    (document) => /"type":"LINK","value":\{"src":\{[^}]*\},"label":\{/.test(mdText(document)),
  ],
  [
    'links of new parsers',
    20,
    (document) => /"type":"LINK","value":\{"src":\{[^}]*\},"label":\[/.test(mdText(document)),
  ],
  ['emoji of old parsers', 20, (document) => /"type":"EMOJI","value":\{[^}]*\}\}/.test(mdText(document))],
  ['emoji of new parsers', 20, (document) => mdText(document).includes('"shortCode"')],
  ['unicode emoji', 10, (document) => mdText(document).includes('"unicode"')],
  ['code', 3, (document) => mdText(document).includes('"CODE_LINE"')],
  ['tasks', 3, (document) => mdText(document).includes('"TASK"')],
  ['right-to-left text', 20, ({ msg }) => /[\u0590-\u06ff]/.test(String(msg))],
  ['newlines', 50, ({ msg }) => String(msg).includes('\n')],
  ['quotation marks', 30, ({ msg }) => String(msg).includes('"')],
  ['formulas', 3, ({ msg }) => String(msg).startsWith('=cmd')],
  ['long messages', 1, ({ msg }) => String(msg).length > 5000],
  ...[
    'uj',
    'au',
    'ul',
    'r',
    'rm',
    'room_changed_topic',
    'message_pinned',
    'discussion-created',
    'subscription-role-added',
    'ui',
    'uir',
    'livechat-started',
    'livechat-close',
    'livechat_navigation_history',
    'livechat_transfer_history',
    'livechat_transcript_history',
    'livechat_video_call',
    'omnichannel_priority_change_history',
    'omnichannel_sla_change_history',
    'omnichannel_placed_chat_on_hold',
    'omnichannel_on_hold_chat_resumed',
  ].map((type) => [`messages of type ${type}`, 1, ({ t }: MessageDocument) => t === type] as const),
];

describe('the sample workspace', () => {
  it('has some 3,600 messages in groups', () => {
    expect(visible.length).toBeGreaterThan(3000);
    expect(visible.length).toBeLessThan(4000);
  });

  // People join a channel, to groups they are added.
  const everywhere = workspace.rooms.flatMap(({ messages }) => messages.map((message) => message.document()));

  it.each(features)('has %s, at least %i', (_, least, matches) => {
    expect(
      everywhere.filter((document) => document['_hidden'] !== true && matches(document)).length,
    ).toBeGreaterThanOrEqual(least);
  });

  it('mentions the login some 150 times', () => {
    const mentioned = stored.filter(({ hidden, mentionIds }) => !hidden && mentionIds.includes(sampleLogin.userId));
    expect(mentioned.length).toBeGreaterThan(120);
    expect(mentioned.length).toBeLessThan(200);
  });

  it('keeps the versions before edits and deletions, hidden, each beside its message', () => {
    const ids = new Set(visible.map(({ _id }) => _id));
    const clones = documents.filter(({ _hidden }) => _hidden === true);
    expect(clones.length).toBeGreaterThan(30);
    for (const { parent } of clones) expect(ids.has(String(parent))).toBe(true);
  });

  it('has several messages in one millisecond, at the borders of pages and in numbers beyond a page', () => {
    for (const { name, messages } of groups.filter((room) => room.messages.length > 200)) {
      const tiedBorders = [...messages.keys()].filter(
        (at) => at % 50 === 0 && messages[at - 1]?.tsMs === messages[at]?.tsMs,
      );
      expect([name, tiedBorders.length > 0]).toEqual([name, true]);
    }
    const sizes = new Map<string, number>();
    for (const { rid, ts } of visible) sizes.set(`${rid} ${ts}`, (sizes.get(`${rid} ${ts}`) ?? 0) + 1);
    expect(Math.max(...sizes.values())).toBeGreaterThan(100);
  });

  it('has ids that are unique and dates of the form that the API writes', () => {
    const all = everywhere.map(({ _id }) => _id);
    expect(new Set(all).size).toBe(all.length);
    const dates = everywhere.flatMap(({ ts, _updatedAt, editedAt = ts, pinnedAt = ts, tlm = ts }) =>
      [ts, _updatedAt, editedAt, pinnedAt, tlm].map(String),
    );
    expect(dates.length).toBeGreaterThan(all.length);
    const form = /^20(1[89]|2[0-6])-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
    expect(dates.filter((date) => !form.test(date))).toEqual([]);
    expect(everywhere.filter(({ ts, _updatedAt }) => _updatedAt < ts)).toEqual([]);
  });

  it('has threads whose numbers are right', () => {
    for (const parent of visible.filter(({ tcount }) => Number(tcount) > 0)) {
      const replies = visible.filter(({ tmid }) => tmid === parent._id);
      expect(replies).toHaveLength(Number(parent['tcount']));
    }
  });

  it('has rooms that the login reads without a subscription: a public channel, and a discussion through its parent', async () => {
    await withDemoServer(createSampleWorkspace(), {}, async ({ get }) => {
      const listed = (await get('rooms.get')).body['update'] as { _id: string }[];
      for (const [roomId, endpoint] of [
        ['dV8aPb3TjYg4WrHmP', 'channels.messages'],
        ['cU7zNa2SiXf3VqGlO', 'groups.messages'],
      ] as const) {
        expect(listed.map(({ _id }) => _id)).not.toContain(roomId);
        expect(Number((await get(endpoint, { roomId })).body['total'])).toBeGreaterThan(10);
      }
    });
  });

  it('is the same each time, whatever was done in one before', () => {
    const lived = createSampleWorkspace();
    for (const room of lived.rooms) {
      const [first, second] = room.messages;
      if (first !== undefined) room.remove(first.id, Date.now());
      if (second !== undefined) room.replace(storeMessage({ ...second.document(), msg: 'edited' }));
    }
    expect(hash(lived)).not.toBe(hash(workspace));
    expect(hash(createSampleWorkspace())).toBe(hash(workspace));
  });

  it('is the same on every machine: a new sum is a new sample', () => {
    expect(hash(workspace)).toBe('a3e29ebf2a3a66bd3cf8c0ceff8328aec7d74d8054cf051d6ce882b283444943');
  });
});
