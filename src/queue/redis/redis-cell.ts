import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { SharedCell } from '../budget/shared-cell.ts';

/** One step of Redis: nobody else changes the key in between. Its clock is that of all who ask. */
const compareAndSet = `
local time = redis.call('TIME')
local now = time[1] .. string.format('%06d', time[2])
local current = redis.call('GET', KEYS[1]) or ''
if current ~= ARGV[1] then return {0, current, now} end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return {1, ARGV[2], now}
`;

/** Longer than any window of a server in its senses. */
const keptMs = 86_400_000;

const answerSchema = z.tuple([z.union([z.literal(0), z.literal(1)]), z.string(), z.string()]);

/** A text in Redis. */
export function redisCell(redis: Redis, key: string): SharedCell {
  return {
    compareAndSet: async (expected = '', next) => {
      const answer: unknown = await redis.eval(compareAndSet, 1, key, expected, next, keptMs);
      const [isSet, current, microseconds] = answerSchema.parse(answer);
      return {
        isSet: isSet === 1,
        current: current === '' ? undefined : current,
        nowMs: Number(microseconds) / 1_000,
      };
    },
  };
}
