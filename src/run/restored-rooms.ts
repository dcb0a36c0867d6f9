import { seenAtMs } from '../archive/seen-mark.ts';
import type { State } from '../archive/state.ts';
import type { Room } from '../rocketchat/room.ts';

/** More than the clocks of several servers differ by, and little to read again. */
export const clockSlackMs = 1_800_000;

/**
 * Rooms of a server that was restored from a backup since they were read: what happened in them after the backup is
 * undone, and nobody reports that. A room that is older in the list than it was before gives it away; then all are
 * suspected that had changed after the oldest of those.
 *
 * A clock that was set back looks the same, and costs no more than reading these rooms again.
 *
 * @param rooms the server's whole list
 */
export function restoredRooms(rooms: readonly Room[], { lists }: State): ReadonlySet<string> {
  const roomsMs = new Map<string, number>();
  for (const { roomId, seen } of Object.values(lists)) {
    // What was not read to its end may have been read after the backup.
    const atMs = (seen === null ? null : seenAtMs(seen)) ?? Number.POSITIVE_INFINITY;
    roomsMs.set(roomId, Math.min(roomsMs.get(roomId) ?? atMs, atMs));
  }
  const isBack = ({ id, updatedAtMs }: Room): boolean => {
    const atMs = roomsMs.get(id) ?? Number.POSITIVE_INFINITY;
    return updatedAtMs !== null && Number.isFinite(atMs) && atMs - updatedAtMs > clockSlackMs;
  };
  const backToMs = Math.min(...rooms.filter(isBack).map(({ updatedAtMs }) => updatedAtMs ?? 0));
  return new Set(rooms.map(({ id }) => id).filter((id) => (roomsMs.get(id) ?? 0) > backToMs));
}
