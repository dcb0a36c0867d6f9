import type { PlannedRoom, PlannedStream } from './run-plan.ts';
import { ownValue } from '../model/json/own-value.ts';
import { rowDigest } from '../archive/state/row-digest.ts';
import type { State } from '../archive/state/state.ts';
import type { Room } from '../model/room.ts';
import { roomsTable } from '../tables/tables.ts';

/**
 * The rows that the table `rooms` lacks, whether or not anything is read in the rooms: names, topics and counts change
 * without a message, too.
 *
 * @param planned every stream of the job, also those that are not read
 */
export function planRooms(
  planned: readonly PlannedStream[],
  gone: readonly PlannedStream[],
  { rooms: written }: Pick<State, 'rooms'>,
): readonly PlannedRoom[] {
  const changed = roomsOf(planned).flatMap((room): readonly PlannedRoom[] => {
    const digest = rowDigest(roomsTable.rows([{ op: 'upsert', room, run: 0 }]));
    return ownValue(written, room.id) === digest ? [] : [{ op: 'upsert', room, digest }];
  });
  const ended = roomsOf(gone).filter(({ id }) => Object.hasOwn(written, id));
  return [...changed, ...ended.map((room): PlannedRoom => ({ op: 'delete', room }))];
}

/** What the next run must know of the table, after one that wrote these rows. */
export function roomsAfter({ rooms }: Pick<State, 'rooms'>, written: readonly PlannedRoom[]): State['rooms'] {
  const ended = new Set(written.flatMap(({ op, room }) => (op === 'delete' ? [room.id] : [])));
  const changed = written.flatMap((row): [string, string][] =>
    row.op === 'upsert' ? [[row.room.id, row.digest]] : [],
  );
  return Object.fromEntries([...Object.entries(rooms).filter(([id]) => !ended.has(id)), ...changed]);
}

function roomsOf(streams: readonly PlannedStream[]): readonly Room[] {
  return [...new Map(streams.map(({ room }) => [room.id, room])).values()];
}
