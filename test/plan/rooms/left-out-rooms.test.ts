import { describe, expect, it } from '@jest/globals';
import type { ExtractEntry } from '../../../src/job/job.ts';
import type { Room } from '../../../src/model/room.ts';
import { leftOutRooms } from '../../../src/plan/rooms/left-out-rooms.ts';
import { sampleRoom } from '../../support/plans/sample-room.ts';

const general: Partial<Room> = { type: 'channel' };
const groups = (...rooms: readonly string[]): ExtractEntry => ({ endpoint: 'groups.messages', rooms });
const mentions: ExtractEntry = { endpoint: 'chat.getMentionedMessages', rooms: ['*'] };

const reason = (entries: readonly ExtractEntry[], room: Partial<Room> = {}) =>
  leftOutRooms(entries, [sampleRoom(room)])[0]?.reason;

describe('why a room is not read', () => {
  it('is nothing where an entry reads it', () => {
    expect(reason([groups('*')])).toBeUndefined();
    expect(reason([groups('dev'), groups('ops')])).toBeUndefined();
  });

  it('is that the login is only invited, or banned', () =>
    expect(leftOutRooms([groups('*')], [sampleRoom({ withheld: 'banned' })])).toEqual([
      { id: 'r1', name: 'ops', type: 'private', reason: 'banned' },
    ]));

  it('is that no entry names it, or one leaves it out', () => {
    expect(reason([groups('dev')])).toBe('no-entry');
    expect(reason([groups('*', '!ops')])).toBe('no-entry');
    expect(reason([groups('dev')], { withheld: 'banned' })).toBe('no-entry');
  });

  it('is that the entry that names it reads other kinds', () =>
    expect(reason([groups('*')], general)).toBe('kind-not-asked'));

  it('is that the login has not joined it', () => {
    expect(reason([{ rooms: ['*'] }], { ...general, unjoined: true })).toBe('not-joined');
    expect(reason([{ rooms: ['*'], scope: 'readable' }], { ...general, unjoined: true })).toBeUndefined();
  });

  it('is not removed by mentions, which are a part of it, unless the job reads nothing else', () => {
    expect(reason([mentions, groups('dev')])).toBe('no-entry');
    expect(reason([mentions])).toBeUndefined();
  });
});
