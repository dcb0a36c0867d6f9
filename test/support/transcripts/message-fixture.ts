import type { Row } from '../../../src/model/column.ts';
import { fixtureRow } from '../archives/revised-archive.ts';

/** A row of `messages`: Anna writes in the room that servers call roomroomroomroom1. */
export function messageFixture(id: string, fields: Row = {}): Row {
  return fixtureRow('messages', {
    ...{ message_id: id, room_id: 'roomroomroomroom1', room_name: 'ops', room_title: 'Ops', room_type: 'private' },
    ...{ ts: new Date('2026-03-01T12:00:00Z'), username: 'anna', user_id: 'u1', user_name: 'Anna', msg: id },
    ...{ op: 'upsert', run: 1 },
    ...fields,
  });
}
