import { expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { redisCell } from '../../../src/queue/redis/redis-cell.ts';

/** A Redis that gives this answer, and what it was asked. */
function cellThatAnswers(answer: unknown) {
  const asked: unknown[] = [];
  const redis = {
    eval: (script: string, ...rest: unknown[]) => {
      expect(script).toContain("redis.call('GET', KEYS[1])");
      asked.push(...rest);
      return Promise.resolve(answer);
    },
  } as unknown as Redis;
  return { cell: redisCell(redis, 'key'), asked };
}

it('asks for a change to a key that is kept for a day, by the clock of Redis', async () => {
  const { cell, asked } = cellThatAnswers([1, 'next', '1760000000123456']);
  expect(await cell.compareAndSet('before', 'next')).toEqual({
    isSet: true,
    current: 'next',
    nowMs: 1_760_000_000_123.456,
  });
  expect(asked).toEqual([1, 'key', 'before', 'next', 86_400_000]);
});

it('says what is there when somebody else was faster, and that nothing is there', async () => {
  const { cell } = cellThatAnswers([0, 'theirs', '1000000']);
  expect(await cell.compareAndSet('before', 'next')).toEqual({ isSet: false, current: 'theirs', nowMs: 1_000 });
  const none = cellThatAnswers([0, '', '1000000']);
  expect(await none.cell.compareAndSet(undefined, 'next')).toMatchObject({ isSet: false, current: undefined });
  expect(none.asked[2]).toBe('');
});

it.each([[['OK']], [null], [[2, '', '1']]])('takes no other answer for one: %j', async (answer) => {
  await expect(cellThatAnswers(answer).cell.compareAndSet('a', 'b')).rejects.toThrow();
});
