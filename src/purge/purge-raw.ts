import { join } from 'node:path';
import { hashFile } from '../archive/hash-file.ts';
import { keptJournalPlace, purgedJournalPath } from '../archive/kept-journal-path.ts';
import type { HashedFile } from '../archive/manifest/manifest.ts';
import { readChain } from '../archive/manifest/read-chain.ts';
import { partPath } from '../archive/paths.ts';
import { verifyFile } from '../archive/verify/verify-file.ts';
import { DifferenceError } from '../errors.ts';
import type { PurgeCheck } from '../model/run/purge-rule.ts';
import type { Disk } from '../system/disk.ts';
import { isOfPeople, purgeJournal } from './purge-journal.ts';

interface PurgedJournals {
  /** Whole and flushed, in `_work/parts`. */
  readonly raw: readonly HashedFile[];
  readonly replaces: readonly HashedFile[];
}

/**
 * Writes the kept journals anew that hold what is purged, under `_work/parts`.
 *
 * @param run number of the purge
 * @throws DifferenceError for a journal that is not what its manifest says; OutputError. Nothing of the archive is changed
 */
export async function purgeRaw(disk: Disk, archive: string, check: PurgeCheck, run: number): Promise<PurgedJournals> {
  const raw: HashedFile[] = [];
  const replaces: HashedFile[] = [];
  for (const journal of await keptJournals(disk, archive)) {
    const place = keptJournalPlace(journal.path);
    if (place === undefined) continue;
    const difference = await verifyFile(disk, archive, journal);
    if (difference !== undefined) {
      const { expected, actual } = difference;
      throw new DifferenceError(
        `Cannot purge "${join(archive, journal.path)}": its manifest says ${expected}, and it is ${actual}`,
        {
          hint: 'Nothing was changed. Restore the file from a backup; `verify` names every file that is not what it was',
        },
      );
    }
    const path = purgedJournalPath(place, run);
    const target = join(archive, partPath(path));
    const options = { check, run, people: isOfPeople(place.name) };
    if (!(await purgeJournal(disk, join(archive, journal.path), target, options))) continue;
    raw.push({ path, sizeBytes: (await disk.sizeBytes(target)) ?? 0, sha256: await hashFile(disk, target) });
    replaces.push(journal);
  }
  return { raw, replaces };
}

/** As they are now: those that no purge has replaced. */
async function keptJournals(disk: Disk, archive: string): Promise<readonly HashedFile[]> {
  const kept = new Map<string, HashedFile>();
  for await (const { manifest } of readChain(disk, archive)) {
    if ('replaces' in manifest) for (const { path } of manifest.replaces) kept.delete(path);
    if ('raw' in manifest) for (const file of manifest.raw) kept.set(file.path, file);
  }
  return [...kept.values()];
}
