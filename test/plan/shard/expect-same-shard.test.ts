import { expect, it } from '@jest/globals';
import { JobError } from '../../../src/errors.ts';
import { expectSameShard } from '../../../src/plan/shard/expect-same-shard.ts';
import { stateWith } from '../../support/plans/sample-state.ts';

const job = { name: 'nightly', output: '/archive' };
const [first, second] = [
  { index: 0, count: 2 },
  { index: 1, count: 2 },
];
const of = { index: 1, count: 2, elsewhere: [] };

it.each([
  ['another index', { ...job, shard: first }, stateWith({ run: 3, shard: of })],
  ['another count', { ...job, shard: { index: 1, count: 3 } }, stateWith({ run: 3, shard: of })],
  ['no shard', job, stateWith({ run: 3, shard: of })],
  ['a shard of an archive of the whole workspace', { ...job, shard: second }, stateWith({ run: 3 })],
])('refuses to continue an archive with %s', (_, shards, state) => {
  expect(() => expectSameShard(shards, state)).toThrow(JobError);
});

it('names both, and what to write', () => {
  const refuse = (): void => expectSameShard({ ...job, shard: first }, stateWith({ run: 1, shard: of }));
  expect(refuse).toThrow('as shard 0 of 2: "/archive" has runs of shard 1 of 2');
  expect(refuse).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('"shard" the values { index: 1, count: 2 }') }),
  );
});

it('tells one of the whole workspace what to leave out', () => {
  const refuse = (): void => expectSameShard({ ...job, shard: first }, stateWith({ run: 1 }));
  expect(refuse).toThrow('as shard 0 of 2: "/archive" has runs of the whole workspace');
  expect(refuse).toThrow(expect.objectContaining({ hint: expect.stringContaining('the job no "shard"') }));
});

it.each([
  ['the same', { ...job, shard: second }, stateWith({ run: 3, shard: of })],
  ['none in both', job, stateWith({ run: 3 })],
  ['an archive without runs', { ...job, shard: second }, stateWith({ run: 0 })],
])('takes %s', (_, shards, state) => {
  expect(() => expectSameShard(shards, state)).not.toThrow();
});
