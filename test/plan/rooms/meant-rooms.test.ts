import { describe, expect, it } from '@jest/globals';
import type { Room, RoomType } from '../../../src/model/room.ts';
import { meantRooms } from '../../../src/plan/rooms/meant-rooms.ts';

function room(name: string, type: RoomType = 'private', displayName?: string): Room {
  return {
    ...{ id: `id of ${name}`, name, type, archived: false, parentId: null, messageCount: null },
    ...{ lastMessageAtMs: null, updatedAtMs: null, changeMark: null },
    ...(displayName !== undefined && { displayName }),
  };
}

const rooms = [
  room('ops-oncall'),
  room('ops-noise'),
  room('release-train', 'channel', 'Release Train'),
  room('alice', 'direct'),
  room('a,b'),
];

describe('what a person may have meant by an entry that matches no room', () => {
  it.each([
    ['opsoncal', ' (did you mean "ops-oncall"?)'],
    ['#ops-oncall', ' (did you mean "ops-oncall"?)'],
    ['@alice', ' (did you mean "alice"?)'],
    ['OPS-Oncall', ' (did you mean "ops-oncall"?)'],
    ['Ops-*', ' (did you mean "ops-oncall" or "ops-noise"?)'],
    ['ｏｐｓ-oncall', ' (did you mean "ops-oncall"?)'],
    ['＃Ｏｐｓ', ' (did you mean "ops-oncall" or "ops-noise"?)'],
    ['#ops', ' (did you mean "ops-oncall" or "ops-noise"?)'],
    ['release train', ' (did you mean "Release Train"?)'],
    ['oncall', ' (did you mean "ops-oncall"?)'],
    ['nobody', ''],
    ['o', ''],
    [
      'ops-oncall, alice',
      ' (commas do not separate rooms: each is a word or a list item of its own, "ops-oncall" "alice")',
    ],
    [
      '#ops-oncall,@Alice',
      ' (commas do not separate rooms: each is a word or a list item of its own, "ops-oncall" "alice")',
    ],
    [
      'ops-oncall,nobody',
      ' (commas do not separate rooms: each is a word or a list item of its own, "ops-oncall" "nobody")',
    ],
    ['somebody,nobody', ''],
  ])('%j', (pattern, clause) => expect(meantRooms(pattern, rooms)).toBe(clause));
});
