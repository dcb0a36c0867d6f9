import { describe, expect, it } from '@jest/globals';
import { targetsOf, walkedBy } from '../../../src/load/changes/change-targets.ts';
import { sampleChanges } from '../../support/plans/sample-changes.ts';
import { readTo, sampleMentions, sampleStream } from '../../support/plans/sample-stream.ts';

const server = { url: '', version: null, user: { id: 'u1', username: 'archivist' } };

describe('the tables that a change of a room may belong in', () => {
  const whole = sampleStream({ filters: { pinned: true } });
  const mentions = sampleMentions();
  const targets = targetsOf(sampleChanges({ revised: [whole, mentions] }), { server, streams: [mentions] });

  it('are those of its lists, read by this run or not', () =>
    expect(targets.map(({ table, key, isRead }) => [table, key, isRead])).toEqual([
      ['messages', 'groups.messages r1 pinned=true', false],
      ['mentioned_messages', 'chat.getMentionedMessages r1', true],
    ]));

  it('take what their list would have: by its filters, or by whom the message mentions', () => {
    const accepted = (raw: object) => targets.filter(({ accepts }) => accepts({ ...raw })).map(({ table }) => table);
    expect(accepted({})).toEqual([]);
    expect(accepted({ pinned: true })).toEqual(['messages']);
    expect(accepted({ mentions: [{ username: 'archivist' }] })).toEqual(['mentioned_messages']);
    expect(accepted({ mentions: [{ username: 'somebody' }] })).toEqual([]);
  });
});

describe('a message that a walk brings itself', () => {
  it('is one that is newer than where it begins, and was not taken before', () => {
    const isWalked = walkedBy(sampleStream({ cursor: readTo(100, ['late']) }));
    expect([
      isWalked({ id: 'a', tsMs: 101 }),
      isWalked({ id: 'a', tsMs: 100 }),
      isWalked({ id: 'late', tsMs: 101 }),
    ]).toEqual([true, false, false]);
  });

  it('is every one where no run has read the list', () =>
    expect(walkedBy(sampleStream())({ id: 'a', tsMs: 0 })).toBe(true));

  it('is within the period of the job; what is not, and was not taken before, is no matter of the list', () => {
    const period = { sinceMs: 50, untilMs: 200 };
    const stream = sampleStream({ period, spans: [{ sinceMs: 20, cursor: readTo(100) }] });
    const isWalked = walkedBy(stream);
    const [target] = targetsOf(sampleChanges({ revised: [stream] }), { server, streams: [] });
    const seen = [19, 20, 100, 101, 199, 200].map((tsMs) => [
      isWalked({ id: 'a', tsMs }),
      target?.holds({ id: 'a', tsMs }),
    ]);
    expect(seen).toEqual([
      [false, false],
      [false, true],
      [false, true],
      [true, true],
      [true, true],
      [false, false],
    ]);
  });
});
