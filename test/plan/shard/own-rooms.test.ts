import { describe, expect, it } from '@jest/globals';
import { ownRooms } from '../../../src/plan/shard/own-rooms.ts';

const ids = Array.from({ length: 1_000 }, (_, index) => `room${index}`);

describe('the rooms of a shard', () => {
  it('are those whose SHA-256, as a number, leaves the index: printf GENERAL | sha256sum', () => {
    // 0xb15f…0225 modulo 7, by Python's integers.
    const shards = [0, 1, 2, 3, 4, 5, 6].map((index) => ownRooms({ index, count: 7 }, [])('GENERAL'));
    expect(shards.filter((isOwn) => isOwn)).toHaveLength(1);
    expect(shards.indexOf(true)).toBe(4);
  });

  it.each([1, 2, 3, 7])('are each in exactly one of %d, and none is left without', (count) => {
    const shards = Array.from({ length: count }, (_, index) => ownRooms({ index, count }, []));
    const sizes = shards.map((isOwn) => ids.filter(isOwn).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(ids.length);
    expect(ids.every((id) => shards.filter((isOwn) => isOwn(id)).length === 1)).toBe(true);
    expect(Math.min(...sizes)).toBeGreaterThan(0.7 * (ids.length / count));
  });

  it('are all of them without a shard', () => expect(ids.every(ownRooms(undefined, []))).toBe(true));

  it('have each discussion that only a message of theirs shows', () => {
    const shards = [0, 1].map((index) => ownRooms({ index, count: 2 }, ['discussion']));
    expect(shards.map((isOwn) => isOwn('discussion'))).toEqual([true, true]);
  });
});
