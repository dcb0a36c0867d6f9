import { sha256 } from '../../archive/hash-file.ts';
import type { Shard } from '../../model/run/shard.ts';

/** Whether a room, by its id, is one that the job reads. */
export type IsOwnRoom = (roomId: string) => boolean;

/**
 * The rooms of a shard: those whose id has, as UTF-8, a SHA-256 that as one big-endian number leaves `index` when divided by
 * `count`. An id never changes, so a room stays in its shard whatever becomes of its name, its kind and its members.
 *
 * A discussion that is in no list, and that a message of this archive shows, is read here whatever its id: the other shards
 * do not read that message, and know nothing of it.
 *
 * @param shard undefined: the job reads them all
 * @param lookedUp ids of rooms that are in no list of the server's
 */
export function ownRooms(shard: Shard | undefined, lookedUp: readonly string[]): IsOwnRoom {
  if (shard === undefined) return () => true;
  const found = new Set(lookedUp);
  return (roomId) => found.has(roomId) || shardOf(roomId, shard.count) === shard.index;
}

function shardOf(roomId: string, count: number): number {
  return Number(BigInt(`0x${sha256(roomId)}`) % BigInt(count));
}
