import { describe, expect, it } from '@jest/globals';
import { parseExactJson } from '../../src/model/json/exact-json.ts';
import { parseMessage } from '../../src/model/message.ts';
import { jsonLines } from '../../src/sinks/jsonl/json-lines.ts';
import { messageTables } from '../../src/tables/tables.ts';
import { flatten } from '../../src/transforms/flatten.ts';
import { context, flattenRaw } from '../support/messages/raw-message.ts';

describe('nested fields', () => {
  it('keep what the parser of links found, the name of a file and the slug of a room with a title', () => {
    const flat = flattenRaw({
      msg: 'see #k9x2',
      md: [{ type: 'PARAGRAPH', value: [{ type: 'MENTION_CHANNEL', value: { type: 'PLAIN_TEXT', value: 'k9x2' } }] }],
      channels: [
        { _id: 'r2', name: 'k9x2', fname: 'Budget 2026' },
        { _id: 'r3', name: 'ops', fname: 'ops' },
      ],
      mentions: [{ type: 'team', _id: 't1', name: 'ops-team', fname: 'The Ops' }],
      urls: [{ url: 'https://a.example' }, { url: 'https://b.example', meta: { ogTitle: 'B' } }],
      files: [{ _id: 'f1', name: 'original.png', type: 'image/png', size: 5 }],
      attachments: [{ type: 'file', title: 'shown.png', title_link: '/file-upload/f1/shown.png', image_url: '/x' }],
    });
    expect(flat).toMatchObject({
      text: '#Budget 2026',
      channelIds: ['r2', 'r3'],
      channelNames: ['Budget 2026', 'ops'],
      mentions: [{ name: 'The Ops' }],
      badFields: [],
    });
    expect(flat.extra).toEqual({
      channels: [{ name: 'k9x2' }, {}],
      mentions: [{ name: 'ops-team' }],
      urls: [{}, { meta: { ogTitle: 'B' } }],
      files: [{ name: 'original.png' }],
    });
  });

  it('of a card are its author, every address, and the texts of its buttons', () => {
    const card = {
      ...{ title: 'Build 7', title_link: 'https://ci/7', author_name: 'CI', author_link: 'https://ci', color: '#f00' },
      ...{ thumb_url: 'https://ci/thumb', image_url: 'https://ci/image', image_preview: 'aGVsbG8=' },
      actions: [{ type: 'button', text: 'Retry', url: 'https://ci/7/retry' }],
      fields: [{ title: 7, value: ['a', 2, true], short: true }, { title: 'alone' }, { title: '', value: 'untitled' }],
    };
    const flat = flattenRaw({ attachments: [card] });
    expect(flat.attachments).toMatchObject([
      {
        ...{ title: 'Build 7', author: 'CI', text: '7: a, 2, true\nalone\nuntitled\nRetry', url: 'https://ci/7' },
        urls: ['https://ci/7', 'https://ci/image', 'https://ci/thumb', 'https://ci', 'https://ci/7/retry'],
      },
    ]);
    expect(flat.badFields).toEqual([]);
    expect(flat.extra).toEqual({
      attachments: [{ color: '#f00', fields: [{ short: true }, {}, {}], actions: [{ type: 'button' }] }],
    });
  });

  it('of quotes name the messages quoted, but not those quoted by them', () => {
    const inner = { message_link: 'https://chat/group/x?msg=m0', text: 'first' };
    const quote = { message_link: 'https://chat/group/x?msg=m1', text: 'second', attachments: [inner] };
    expect(flattenRaw({ attachments: [quote, quote] }).quotedMessageIds).toEqual(['m1']);
  });

  it('of a message that has blocks only are its text', () => {
    const blocks = [
      {
        type: 'section',
        text: { type: 'mrkdwn', text: 'Deploy *now*?' },
        accessory: { type: 'button', text: { type: 'plain_text', text: 'Yes' } },
      },
      { type: 'context', elements: [{ type: 'image', imageUrl: 'https://x', altText: 'a chart' }] },
    ];
    expect(flattenRaw({ msg: '', blocks })).toMatchObject({
      msg: '',
      text: 'Deploy *now*?\nYes\na chart',
      extra: { blocks },
    });
    expect(flattenRaw({ msg: 'said', blocks }).text).toBe('said');
  });

  it('keep a date in a form that REST would not write', () => {
    const tlm = '2024-01-01T00:00:00.123456Z';
    expect(flattenRaw({ tlm, dlm: '2024-01-01T00:00:00.123Z' })).toMatchObject({
      ...{ threadLastAt: new Date('2024-01-01T00:00:00.123Z'), extra: { tlm }, badFields: [] },
    });
  });

  it('keep numbers beyond 2^53 as they were sent', () => {
    const raw = parseExactJson(
      '{"_id":"m1","rid":"r1","ts":"2024-02-29T12:00:00.123Z","tcount":12345678901234567890,"id":9007199254740993,"customFields":{"n":-9007199254740993}}',
    );
    const { messages } = messageTables({ md: false });
    const batch = messages.batch([flatten(parseMessage(raw), context)]);
    const line = JSON.parse(jsonLines(messages.columns).row(batch, 0)) as Record<string, unknown>;
    expect(line).toMatchObject({
      thread_count: null,
      extra: '{"tcount":12345678901234567890,"id":9007199254740993}',
      custom_fields: '{"n":-9007199254740993}',
    });
  });
});

describe('lists', () => {
  const item = (text: string, more: object = {}) => ({
    ...{ type: 'LIST_ITEM', value: [{ type: 'PLAIN_TEXT', value: text }] },
    ...more,
  });
  const list = (...value: object[]) => ({ type: 'UNORDERED_LIST', value });

  it.each([
    ['beside the text of an item', list(item('a', { children: [item('b', { children: [item('c')] })] }), item('d'))],
    ['as a list beside it', list(item('a', { list: list(item('b', { list: list(item('c')) })) }), item('d'))],
    [
      'in its value',
      list(
        {
          type: 'LIST_ITEM',
          value: [
            { type: 'PLAIN_TEXT', value: 'a' },
            list({ type: 'LIST_ITEM', value: [{ type: 'PLAIN_TEXT', value: 'b' }, list(item('c'))] }),
          ],
        },
        item('d'),
      ),
    ],
  ])('nested %s lose no text, and are indented', (_, md) => {
    expect(flattenRaw({ msg: '', md: [md] }).text).toBe('- a\n  - b\n    - c\n- d');
  });
});
