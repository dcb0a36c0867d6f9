import { shardText } from '../../model/run/shard.ts';
import type { ArchiveIdentity } from './archive-identity.ts';

/** What whoever reads several archives as one should know of their shards: those that are missing, or do not fit together. */
export function shardNotes(archives: readonly Pick<ArchiveIdentity, 'path' | 'shard'>[]): readonly string[] {
  const shards = archives.flatMap(({ shard }) => shard ?? []);
  const counts = [...new Set(shards.map(({ count }) => count))];
  const [count] = counts;
  if (count === undefined) return [];
  if (counts.length > 1 || shards.length < archives.length) {
    const parts = archives.map(
      ({ path, shard }) => `"${path}" (${shard === undefined ? 'all rooms' : shardText(shard)})`,
    );
    return [
      `These archives split the workspace in different ways: ${parts.join(', ')}. A room may be in several of them: then its newest rows count.`,
    ];
  }
  const named = new Set(shards.map(({ index }) => index));
  const missing = Array.from({ length: count }, (_, index) => index).filter((index) => !named.has(index));
  if (missing.length === 0) return [];
  const which = missing.length === 1 ? `shard ${missing.join()} is` : `shards ${missing.join(', ')} are`;
  return [`Of ${count} shards, counted from 0, ${which} missing: their rooms are in none of these archives.`];
}
