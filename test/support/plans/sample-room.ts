import type { Room } from '../../../src/model/room.ts';

/** A private room of which the list shows nothing but what the test says. */
export function sampleRoom(fields: Partial<Room> = {}): Room {
  return {
    ...{ id: 'r1', name: 'ops', type: 'private', archived: false, parentId: null, messageCount: null },
    ...{ lastMessageAtMs: null, updatedAtMs: null, changeMark: null },
    ...fields,
  };
}
