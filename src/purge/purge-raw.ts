import { join } from 'node:path';
import { hashFile } from '../archive/hash-file.ts';
import { purgedJournalPath } from '../archive/paths/kept-journal-path.ts';
import { keptJournals } from '../archive/manifest/kept-journals.ts';
import type { HashedFile } from '../archive/manifest/manifest.ts';
import { partPath } from '../archive/paths.ts';
import { expectUnchanged } from '../archive/verify/expect-unchanged.ts';
import { filesJournal } from '../journal/files-journal.ts';
import type { PurgeCheck } from '../model/run/purge-rule.ts';
import type { Disk } from '../system/disk.ts';
import { purgeFilesJournal, purgeJournal } from './purge-journal.ts';

interface PurgedJournals {
  /** Whole and flushed, in `_work/parts`. */
  readonly raw: readonly HashedFile[];
  readonly replaces: readonly HashedFile[];
}

/**
 * Writes the kept journals anew that hold what is purged, under `_work/parts`.
 *
 * @param paths of files of messages that are removed
 * @param run number of the purge
 * @throws DifferenceError for a journal that is not what its manifest says; OutputError. Nothing of the archive is changed
 */
export async function purgeRaw(
  disk: Disk,
  archive: string,
  { check, paths }: { readonly check: PurgeCheck; readonly paths: ReadonlySet<string> },
  run: number,
): Promise<PurgedJournals> {
  const raw: HashedFile[] = [];
  const replaces: HashedFile[] = [];
  const { journals } = await keptJournals(disk, archive);
  for (const { place, ...journal } of journals) {
    await expectUnchanged(disk, archive, journal, 'purge');
    const path = purgedJournalPath(place, run);
    const target = join(archive, partPath(path));
    const from = join(archive, journal.path);
    const isWritten =
      place.name === filesJournal
        ? await purgeFilesJournal(disk, from, target, paths)
        : await purgeJournal(disk, from, target, { check, run, name: place.name });
    if (!isWritten) continue;
    raw.push({ path, sizeBytes: (await disk.sizeBytes(target)) ?? 0, sha256: await hashFile(disk, target) });
    replaces.push(journal);
  }
  return { raw, replaces };
}
