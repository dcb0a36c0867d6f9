import { describe, expect, it } from '@jest/globals';
import { planRooms, roomsAfter } from '../../src/plan/room-rows.ts';
import { sampleRoom } from '../support/plans/sample-room.ts';
import { sampleMentions, sampleStream } from '../support/plans/sample-stream.ts';

const ops = sampleRoom({ messageCount: 30 });
const dev = sampleRoom({ id: 'r2', name: 'dev' });
const inRoom = (room: typeof ops) => sampleStream({ room });

/** What the state knows after a run that wrote the rows of these rooms. */
const written = (...rooms: readonly (typeof ops)[]) =>
  roomsAfter({ rooms: {} }, planRooms(rooms.map(inRoom), [], { rooms: {} }));

const said = (...args: Parameters<typeof planRooms>) => planRooms(...args).map(({ op, room }) => `${op} ${room.id}`);

describe('the rows that the table of rooms owes', () => {
  it('are one of each room that the job reads, by whichever lists', () =>
    expect(said([inRoom(ops), sampleMentions({ room: ops }), inRoom(dev)], [], { rooms: {} })).toEqual([
      'upsert r1',
      'upsert r2',
    ]));

  it('are none of a room whose row would say the same again', () =>
    expect(said([inRoom(ops), inRoom(dev)], [], { rooms: written(ops) })).toEqual(['upsert r2']));

  it.each([
    ['its name', { name: 'operations' }],
    ['its counter', { messageCount: 29 }],
    [
      'its topic',
      {
        details: {
          topic: 'x',
          description: null,
          ownerId: null,
          createdAtMs: null,
          membersCount: 1,
          readOnly: null,
          teamId: null,
        },
      },
    ],
  ])('are one when %s changes, though nothing is read in it', (_, fields) =>
    expect(said([inRoom({ ...ops, ...fields })], [], { rooms: written(ops) })).toEqual(['upsert r1']),
  );

  it('are none for what the table does not show', () =>
    expect(said([inRoom({ ...ops, changeMark: 'new', formerNames: ['x'] })], [], { rooms: written(ops) })).toEqual([]));

  it('say that a room is gone, if they ever said that it was there', () => {
    expect(said([], [inRoom(ops), sampleMentions({ room: ops }), inRoom(dev)], { rooms: written(ops) })).toEqual([
      'delete r1',
    ]);
  });

  it('are known by a short digest: a workspace may have 20,000 rooms', () =>
    expect(written(ops)['r1']).toMatch(/^[0-9a-f]{16}$/));
});

describe('what the next run knows of them', () => {
  it('is the row of each room as it is now, and nothing of those that are gone', () => {
    const before = { ...written(ops, dev), other: 'kept' };
    const renamed = { ...dev, name: 'developers' };
    const rows = planRooms([inRoom(renamed)], [inRoom(ops)], { rooms: before });
    expect(roomsAfter({ rooms: before }, rows)).toEqual({ other: 'kept', ...written(renamed) });
  });
});
