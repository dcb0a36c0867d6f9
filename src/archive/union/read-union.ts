import type { Disk } from '../../system/disk.ts';
import { UsageError } from '../../errors.ts';
import { archiveIdentity, type ArchiveIdentity } from './archive-identity.ts';
import { shardNotes } from './shard-notes.ts';

/** Archives that are read as one. */
interface ArchiveUnion {
  /** In the order in which they were named. */
  readonly archives: readonly ArchiveIdentity[];
  /** What they lack together, in sentences: see shardNotes. */
  readonly notes: readonly string[];
}

/**
 * @param paths absolute, one or more
 * @throws UsageError for an archive that is named twice, or of another workspace than the first; what archiveIdentity throws
 */
export async function readUnion(disk: Disk, paths: readonly string[]): Promise<ArchiveUnion> {
  const archives: ArchiveIdentity[] = [];
  for (const path of paths) {
    const archive = await archiveIdentity(disk, path);
    const [first = archive] = archives;
    if (archive.serverUrl !== first.serverUrl) {
      throw new UsageError(
        `Cannot read "${path}" and "${first.path}" as one: they are of ${archive.serverUrl} and ${first.serverUrl}, expected one workspace`,
        { hint: 'Ids of rooms and messages are unique within a workspace only: read each by itself' },
      );
    }
    const same = archives.find(({ id }) => id === archive.id);
    if (same !== undefined) {
      throw new UsageError(
        `Cannot read "${path}" and "${same.path}" as one: they are the same archive, or copies of it`,
        {
          hint: 'Name each archive once',
        },
      );
    }
    archives.push(archive);
  }
  return { archives, notes: shardNotes(archives) };
}
