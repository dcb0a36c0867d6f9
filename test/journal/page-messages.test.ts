import { describe, expect, it } from '@jest/globals';
import { messagesWithin, pageMessages } from '../../src/journal/page-messages.ts';
import type { PageRecord } from '../../src/model/stream.ts';

const record = (from: number, to: number, skip: readonly number[] = []): PageRecord => ({
  asked: { kind: 'offset', offset: 0, count: 100, order: 'ts' },
  ...{ rows: 5, total: 5, from, to, skip, versions: 0, first: null, last: null, repaired: 0 },
  cursor: { watermark: null, offset: 0, deliveredIds: [] },
});

const message = (id: string) => ({ _id: id, ts: '2024-01-01T00:00:00.000Z' });
const pageOf = (messages: unknown) => Buffer.from(JSON.stringify({ messages, success: true }));
const five = pageOf(['a', 'b', 'c', 'd', 'e'].map(message));

const ids = (messages: readonly { readonly id: string }[]) => messages.map(({ id }) => id).join('');

describe('the messages of a journaled page', () => {
  it('are those from its record, less those to be skipped, by their place on the page', () => {
    expect(ids(pageMessages(five, record(1, 4)))).toBe('bcd');
    expect(ids(pageMessages(five, record(1, 4, [1, 3])))).toBe('c');
  });

  it('are, with those that an earlier run took, all between the two ends', () =>
    expect(ids(messagesWithin(five, record(1, 4, [1, 3])))).toBe('bcd'));

  it('leave out rows that make no message', () => {
    const odd = pageOf([message('a'), { _id: 'no date' }, null, message('d')]);
    expect(ids(pageMessages(odd, record(0, 4, [1, 2])))).toBe('ad');
    expect(ids(messagesWithin(odd, record(0, 4)))).toBe('ad');
  });

  it('are none of an answer without a list', () => expect(pageMessages(pageOf({ a: 1 }), record(0, 1))).toEqual([]));
});
