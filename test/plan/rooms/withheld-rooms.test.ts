import { describe, expect, it } from '@jest/globals';
import { withheldNote, withheldRooms } from '../../../src/plan/rooms/withheld-rooms.ts';
import { sampleRoom } from '../../support/plans/sample-room.ts';

const banned = sampleRoom({ withheld: 'banned' });
const invited = sampleRoom({ id: 'r2', name: 'dev', withheld: 'invited' });

describe('rooms that a job asks for and the login may not read', () => {
  it('are named once, though two entries ask for them, and only if one does', () => {
    const rooms = [banned, invited, sampleRoom({ id: 'r3' })];
    expect(withheldRooms([{ rooms: ['*'] }, { rooms: ['ops'] }], rooms)).toEqual([banned, invited]);
    expect(withheldRooms([{ rooms: ['dev'] }], rooms)).toEqual([invited]);
    expect(withheldRooms([{ endpoint: 'im.messages', rooms: ['*'] }], rooms)).toEqual([]);
  });

  it('are left out for a reason that people understand', () =>
    expect([banned, invited].map(withheldNote)).toEqual([
      'Room "ops" was left out: this login has been banned from it.',
      'Room "dev" was left out: this login has been invited, and has not accepted.',
    ]));
});
