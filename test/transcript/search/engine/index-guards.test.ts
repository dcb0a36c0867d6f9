import { describe, expect, it } from '@jest/globals';
import { isIndexDirectory, isIndexedMessage } from '../../../../src/transcript/search/engine/index-guards.ts';
import type { IndexDirectory, IndexedMessage } from '../../../../src/transcript/search/engine/index-shape.ts';

const directory: IndexDirectory = {
  version: 1,
  link: 3,
  sha256: 'ab',
  zone: 'UTC',
  prefix: 'A',
  messages: 2,
  rooms: [['r1', 'ops', 'Operations', 'ops']],
  segments: [{ messages: 2, words: ['a'], texts: [[0, 5]] }],
};
const message: IndexedMessage = ['m1', '2026-03.html', '', 1, 0, 'u1', 'ada', 'Ada', 5, 'edited', 'now', 'before'];

describe('the guards of an index', () => {
  it('know a directory, and no value that differs from one in a part', () => {
    expect(isIndexDirectory(directory)).toBe(true);
    for (const change of [
      ...[{ version: 2 }, { link: '3' }, { messages: null }, { zone: 7 }, { rooms: [['r1', 'ops', 'Operations']] }],
      ...[{ rooms: [['r1', 'ops', 'Operations', null]] }, { segments: {} }, { segments: [null] }],
      ...[
        { segments: [{ messages: 2, words: [1], texts: [] }] },
        { segments: [{ messages: 2, words: [], texts: [[0]] }] },
      ],
    ]) {
      expect(isIndexDirectory({ ...directory, ...change })).toBe(false);
    }
    expect(isIndexDirectory(null)).toBe(false);
  });

  it('know a message, and none with a part of another type or too few', () => {
    expect(isIndexedMessage(message)).toBe(true);
    expect(isIndexedMessage(message.slice(1))).toBe(false);
    expect(isIndexedMessage(message.with(9, 'gone'))).toBe(false);
    for (const at of message.keys()) expect(isIndexedMessage(message.with(at, null as never))).toBe(false);
  });
});
