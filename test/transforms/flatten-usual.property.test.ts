import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createBenchWorkspace } from '../../src/demo/bench/bench-workspace.ts';
import { createSampleWorkspace } from '../../src/demo/sample/sample-workspace.ts';
import type { JsonObject, JsonValue } from '../../src/model/json/json-value.ts';
import { parseJsonText } from '../../src/model/json/parse-json-text.ts';
import { isRecord } from '../../src/model/json/is-record.ts';
import { parseMessage } from '../../src/model/message.ts';
import { flattenAny } from '../../src/transforms/flatten.ts';
import { flattenUsual, isUsual } from '../../src/transforms/flatten-usual.ts';
import { context } from '../support/messages/raw-message.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const texts = fc.constantFrom('', 'a', 'all', 'r1', '2024-01-05T10:00:00.000Z', '2024-01-05T10:00:00Z');
const names = [
  '_id',
  'username',
  'name',
  'fname',
  'type',
  'url',
  'meta',
  'text',
  'value',
  'usernames',
  'names',
  'size',
];
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    { weight: 4, arbitrary: texts },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(null, 5, true, '__proto__') },
    { weight: 3, arbitrary: tie('record') },
    { weight: 2, arbitrary: fc.array(tie('record'), { maxLength: 3 }) },
  ),
  record: fc.dictionary(fc.constantFrom(...names, '__proto__', 'message_link', 'title_link'), tie('value')),
})).value;

/** As servers send them, and anything else in their place. */
const fields: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  rid: fc.constantFrom<unknown>('r1', 'r2', null, 7),
  msg: fc.oneof(texts, value),
  md: fc.oneof(fc.constant([{ type: 'PARAGRAPH', value: [{ type: 'PLAIN_TEXT', value: 'hi' }] }]), value),
  u: fc.oneof(fc.constant({ _id: 'u1', username: 'ada', name: 'Ada' }), value),
  _updatedAt: fc.oneof(texts, value),
  urls: fc.oneof(fc.constantFrom([], [{ url: 'https://a.example' }], [{ url: 'https://a.example', meta: {} }]), value),
  mentions: fc.oneof(fc.constantFrom([], [{ _id: 'u2', username: 'bo', name: 'Bo', type: 'user' }]), value),
  channels: fc.oneof(fc.constantFrom([], [{ _id: 'r2', name: 'general' }]), value),
  tmid: fc.oneof(texts, value),
  reactions: fc.oneof(fc.constantFrom({}, { ':tada:': { usernames: ['bo'] } }), value),
  attachments: fc.oneof(fc.constantFrom([], [{ text: 'a', title_link: '/file-upload/f1/a.txt' }]), value),
  files: value,
  file: value,
};

function rawOf(more: object): JsonObject {
  return recordOf(JSON.stringify({ _id: 'm1', ts: '2024-01-05T10:00:00.000Z', ...more }));
}

function recordOf(text: string): JsonObject {
  const value = parseJsonText(text);
  if (!isRecord(value)) throw new Error('it is no record');
  return value;
}

function expectSame(raw: JsonValue, room = context): void {
  const message = parseMessage(raw);
  const usual = flattenUsual(message, room);
  const any = flattenAny(message, room);
  expect(usual).toStrictEqual(any);
  expect(Object.keys(usual)).toEqual(Object.keys(any));
}

describe('flattenUsual', () => {
  it('makes of usual fields, whatever is in them, what flattenAny makes of them', () => {
    const ts = fc.constantFrom<unknown>('2024-01-05T10:00:00.000Z', '2024-02-29T10:00:00.000Z', 1704448800000);
    const some = fc.record({ ...fields, ts }, { requiredKeys: [] });
    fc.assert(
      fc.property(some, (more) => {
        const raw = rawOf(more);
        expect(isUsual(raw)).toBe(true);
        expectSame(raw);
      }),
      { numRuns: quickOrLong(60, 1500) },
    );
  });

  it('is right about most messages of the sample and the bench, and takes no other', () => {
    const messages = [createSampleWorkspace(), createBenchWorkspace(1_000)]
      .flatMap(({ rooms }) => rooms)
      .flatMap((room) => room.messages.map((message) => message.document()))
      .filter((_, at) => at % quickOrLong(12, 1) === 0);
    const usual = messages.filter((raw) => isUsual(rawOf(raw)));
    expect(usual.length).toBeGreaterThan(messages.length / 2);
    for (const raw of usual) expectSame(rawOf(raw));
  });

  it.each(['t', 'alias', '_hidden', 'parent', 'editedAt', 'blocks', 'e2e', 'pinned', 'groupable', '__proto__'])(
    'leaves a message with %j to flattenAny',
    (name) => {
      expect(isUsual(recordOf(`{"_id":"m1","ts":"2024-01-05T10:00:00.000Z","${name}":null}`))).toBe(false);
    },
  );
});
