import type { State } from '../../archive/state/state.ts';
import type { ExtractEntry } from '../../job/job.ts';
import type { Room } from '../../model/room.ts';
import { entryRooms } from '../rooms/entry-rooms.ts';
import type { IsOwnRoom } from './own-rooms.ts';

/**
 * The words of a job that match rooms of other shards only. Once such a room is deleted or renamed, this archive, which
 * never read it, could not tell the word from a typing error: so these are remembered for as long as the job has them.
 *
 * @param rooms the server's whole list, with what `withFormerNames` knows
 * @returns in order of the alphabet
 */
export function wordsElsewhere(
  entries: readonly ExtractEntry[],
  rooms: readonly Room[],
  { shard }: Pick<State, 'shard'>,
  isOwn: IsOwnRoom,
): readonly string[] {
  const known = new Set(shard?.elsewhere);
  const elsewhere = entries.flatMap((entry) =>
    entry.rooms.filter((word) => {
      if (word.startsWith('!')) return false;
      const { selected } = entryRooms({ ...entry, rooms: [word] }, rooms);
      return selected.length === 0 ? known.has(word) : !selected.some(({ id }) => isOwn(id));
    }),
  );
  return [...new Set(elsewhere)].sort();
}
