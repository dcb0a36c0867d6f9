import { shardText } from '../../model/run/shard.ts';
import type { PlannedShard } from '../run-plan.ts';

/** What a look at a job says of the rooms that it leaves to other archives. */
export function shardNote(shard: Omit<PlannedShard, 'elsewhere'>): string {
  const { otherRooms } = shard;
  const rooms = otherRooms === 1 ? '1 room belongs' : `${otherRooms} rooms belong`;
  return `Shard ${shardText(shard)}, counted from 0: ${rooms} to other shards.`;
}
