import { expect, it } from '@jest/globals';
import type { ExtractEntry } from '../../../src/job/job.ts';
import { wordsElsewhere } from '../../../src/plan/shard/words-elsewhere.ts';
import { sampleRoom } from '../../support/plans/sample-room.ts';

const [own, other, ops] = ['own', 'other', 'ops-1'].map((name) => sampleRoom({ id: `${name}-id`, name }));
const rooms = [own, other, ops].flatMap((room) => room ?? []);
const isOwn = (id: string): boolean => id === 'own-id';
const elsewhere = (words: readonly string[], known?: readonly string[]): readonly string[] => {
  const entries: readonly ExtractEntry[] = [{ endpoint: 'groups.messages', rooms: words }];
  return wordsElsewhere(
    entries,
    rooms,
    known === undefined ? {} : { shard: { index: 0, count: 2, elsewhere: known } },
    isOwn,
  );
};

it('are those that match rooms of other shards only, in order, once', () => {
  expect(elsewhere(['other', 'own', 'ops-*', 'other'])).toEqual(['ops-*', 'other']);
  expect(elsewhere(['*'])).toEqual([]);
});

it('are none that exclude rooms', () => {
  expect(elsewhere(['*', '!other', '!gone'], ['!gone'])).toEqual([]);
});

it('are remembered when their room is gone: they could not be told from typing errors', () => {
  expect(elsewhere(['gone', 'mistyped'], ['gone'])).toEqual(['gone']);
  expect(elsewhere(['gone'])).toEqual([]);
});

it('are remembered no longer when the job has them no more, or a room of this shard has the name', () => {
  expect(elsewhere(['own'], ['gone', 'own'])).toEqual([]);
});
