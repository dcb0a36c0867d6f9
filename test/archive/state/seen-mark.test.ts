import { expect, it } from '@jest/globals';
import { seenAtMs, seenMark } from '../../../src/archive/state/seen-mark.ts';

const lastChange = '2026-03-01T02:15:00.123Z';

it('says when a room had last changed, and differs with whatever else the room list shows', () => {
  const marks = [seenMark(`["${lastChange}",4]`), seenMark(`["${lastChange}",5]`)];
  expect(marks.map(seenAtMs)).toEqual([Date.parse(lastChange), Date.parse(lastChange)]);
  expect(new Set(marks).size).toBe(2);
});

it('of a room list that shows no time of a change says none', () => {
  for (const shown of ['[null,4]', '["soon",4]', '']) expect(seenAtMs(seenMark(shown))).toBeNull();
});
