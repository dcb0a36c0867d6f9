import { describe, expect, it } from '@jest/globals';
import type { Room } from '../../../src/model/room.ts';
import { planPeople } from '../../../src/plan/people/plan-people.ts';
import { sampleRoom } from '../../support/plans/sample-room.ts';

const details = {
  ...{ topic: null, description: null, ownerId: null, createdAtMs: null, readOnly: null, teamId: null },
  membersCount: 3,
};
const room = sampleRoom({ changeMark: '2024-01-01', details });
const everything = { tables: ['users', 'room_members'], isEveryRoom: false };

/** Plans over the state that a run leaves which has read the members of `read`. */
function planned(rooms: readonly Room[], read: readonly Room[], isEveryRoom = false): readonly string[] {
  const { memberLists } = planPeople(read, {}, everything);
  const known = Object.fromEntries(memberLists.map(({ room: { id }, seen }) => [id, { run: 1, seen: seen ?? '' }]));
  return planPeople(rooms, { memberLists: known }, { ...everything, isEveryRoom }).memberLists.map(
    (list) => list.room.id,
  );
}

describe('the lists of people that a run reads', () => {
  it('are those of the tables that the job makes', () => {
    const lists = (...tables: readonly string[]) => {
      const { listsUsers, listsMembers, memberLists } = planPeople([room], {}, { tables, isEveryRoom: false });
      return [listsUsers, listsMembers, memberLists.length];
    };
    expect(lists('users')).toEqual([true, false, 0]);
    expect(lists('room_members')).toEqual([false, true, 1]);
    expect(lists('messages')).toEqual([false, false, 0]);
  });

  it('are of each room once, however many of its lists of messages are read', () =>
    expect(planPeople([room, room], {}, everything).memberLists).toEqual([
      { room: { id: 'r1', name: 'ops', type: 'private' }, seen: expect.any(String) },
    ]));

  it('name rooms of whose members the server has no list', () => {
    const { memberLists, unlisted } = planPeople(
      [sampleRoom({ id: 'c', name: 'caller', type: 'voip' }), sampleRoom({ id: 'g', name: 'guest', type: 'livechat' })],
      {},
      everything,
    );
    expect([memberLists, unlisted]).toEqual([[], ['caller', 'guest']]);
  });
});

describe('members of a room that an earlier run has read', () => {
  it('are not asked for as long as the room list shows no change', () => expect(planned([room], [room])).toEqual([]));

  it('are asked for in a run over every room', () => expect(planned([room], [room], true)).toEqual(['r1']));

  it.each<readonly [string, Partial<Room>]>([
    ['something has happened in the room, such as a role that was given', { changeMark: '2024-01-02' }],
    ['an account was deleted', { details: { ...details, membersCount: 2 } }],
    ['the room was archived', { archived: true }],
    ['the room list shows no mark', { changeMark: null }],
  ])('are asked for again when %s', (_, fields) => expect(planned([{ ...room, ...fields }], [room])).toEqual(['r1']));

  it('of a direct room are asked for again with its messages: a deactivated account is in its list no more', () => {
    const direct: Room = { ...room, type: 'direct', changeMark: null };
    expect(planned([direct], [direct])).toEqual([]);
    expect(planned([{ ...direct, changeMark: '2024-01-02' }], [{ ...direct, changeMark: '2024-01-01' }])).toEqual([
      'r1',
    ]);
    expect(planned([{ ...direct, name: 'renamed' }], [direct])).toEqual(['r1']);
    expect(planned([{ ...direct, details: { ...details, membersCount: 2 } }], [direct])).toEqual(['r1']);
  });

  it('are told apart by rooms, whatever their ids are', () => {
    const odd = { ...room, id: 'constructor' };
    expect(planned([odd, room], [room])).toEqual(['constructor']);
  });
});
