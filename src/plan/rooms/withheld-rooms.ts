import type { ExtractEntry } from '../../job/job.ts';
import type { Room } from '../../model/room.ts';
import { entryRooms } from './entry-rooms.ts';

/** Rooms that a job asks for and that are left out, because the login is only invited or has been banned. */
export function withheldRooms(entries: readonly ExtractEntry[], rooms: readonly Room[]): readonly Room[] {
  const selected = entries.flatMap((entry) => entryRooms(entry, rooms).selected);
  return [...new Set(selected)].filter(({ withheld }) => withheld !== undefined);
}

/** What becomes of a room that is left out. */
export function withheldNote({ name, withheld }: Pick<Room, 'name' | 'withheld'>): string {
  return withheld === 'banned'
    ? `Room "${name}" was left out: this login has been banned from it.`
    : `Room "${name}" was left out: this login has been invited, and has not accepted.`;
}
