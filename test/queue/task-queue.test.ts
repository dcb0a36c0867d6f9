import { expect, it } from '@jest/globals';
import { listNumber } from '../../src/queue/task-queue.ts';

it('names a list by nothing but a number: names of rooms are nobody’s business in a queue', () => {
  expect(listNumber({ journal: '0042-groups.messages-private-room.pages' })).toBe('0042');
  expect(listNumber({ journal: '10042-groups.messages-r1.pages' })).toBe('10042');
});
