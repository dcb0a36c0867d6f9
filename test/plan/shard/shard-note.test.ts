import { expect, it } from '@jest/globals';
import { shardNote } from '../../../src/plan/shard/shard-note.ts';

it.each([
  [0, 'Shard 1 of 4, counted from 0: 0 rooms belong to other shards.'],
  [1, 'Shard 1 of 4, counted from 0: 1 room belongs to other shards.'],
  [90, 'Shard 1 of 4, counted from 0: 90 rooms belong to other shards.'],
])('says of %i rooms that they are left to other archives', (otherRooms, note) => {
  expect(shardNote({ index: 1, count: 4, otherRooms })).toBe(note);
});
