import { seenAtMs, seenMark } from '../../archive/state/seen-mark.ts';
import { ownValue } from '../../model/json/own-value.ts';
import type { State } from '../../archive/state/state.ts';
import type { Room } from '../../model/room.ts';

/** More than the clocks of several servers differ by, and little to read again. */
export const clockSlackMs = 1_800_000;

/**
 * Rooms of a server that was restored from a backup since they were read: what happened in them after the backup is
 * undone, and nobody reports that. A room that is older in the list than it was before gives it away; then all are
 * suspected that had changed after the oldest of those, or were read after it (an edit further up leaves no trace in the
 * list), or that the list shows otherwise than before.
 *
 * A clock that was set back looks the same, and costs no more than reading these rooms again.
 *
 * @param rooms the server's whole list
 */
export function restoredRooms(rooms: readonly Room[], { lists, changes }: State): ReadonlySet<string> {
  const marks = new Map(Object.values(lists).map(({ roomId, seen }) => [roomId, seen]));
  const known = rooms.flatMap(({ id, updatedAtMs, changeMark }) => {
    const seen = marks.get(id);
    if (seen === undefined) return [];
    // What was not read to its end may have been read after the backup.
    const seenMs = (seen === null ? null : seenAtMs(seen)) ?? Number.POSITIVE_INFINITY;
    // Where changes are refused, they are to be asked for from earlier than the room was read.
    const { sinceMs = 0, knownSinceMs = 0 } = ownValue(changes, id) ?? {};
    const readMs = Math.max(sinceMs, knownSinceMs) + clockSlackMs;
    return [{ id, updatedAtMs, seenMs, readMs, isSame: changeMark !== null && seen === seenMark(changeMark) }];
  });
  const back = known.flatMap(({ updatedAtMs, seenMs }) =>
    updatedAtMs !== null && Number.isFinite(seenMs) && seenMs - updatedAtMs > clockSlackMs ? [updatedAtMs] : [],
  );
  if (back.length === 0) return new Set();
  // No call takes as many arguments as a large workspace has rooms.
  const backToMs = back.reduce((earliest, ms) => Math.min(earliest, ms));
  return new Set(
    known.filter(({ seenMs, readMs, isSame }) => seenMs > backToMs || readMs > backToMs || !isSame).map(({ id }) => id),
  );
}
