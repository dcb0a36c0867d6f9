import { dataFilePlace } from '../../archive/paths/data-file-path.ts';
import { keptJournalPlace } from '../../archive/paths/kept-journal-path.ts';
import { isAttachmentPath } from '../../archive/paths/attachment-path.ts';
import type { PushedArchive } from '../../model/run/pushed-archive.ts';
import type { Bucket } from '../client/bucket.ts';
import type { ListedObject } from '../client/bucket-lists.ts';
import type { PublishedArchive } from '../published-archive.ts';

/**
 * Removes what compactions and purges have replaced, at once, and what pushes that were cut have left, after a time of
 * grace: another push may be putting it there. What has no name of an archive, or was not put there by a push, stays.
 *
 * @param nowMs the store's own time
 */
export async function removeUnnamed(
  bucket: Bucket,
  local: PublishedArchive,
  listed: ReadonlyMap<string, ListedObject>,
  { nowMs, graceMs }: { readonly nowMs: number; readonly graceMs: number },
): Promise<Pick<PushedArchive, 'removed' | 'locked'>> {
  const counts = { removed: 0, locked: 0 };
  for (const { key, modifiedMs } of listed.values()) {
    if (local.standing.has(key)) continue;
    const isReplaced = local.replaced.has(key);
    if (!isReplaced && !(isOfArchive(key) && nowMs - modifiedMs > graceMs)) continue;
    const head = await bucket.head(key);
    if (head === undefined || (!isReplaced && head.sha256 === undefined)) continue;
    if (head.lockedUntilMs !== undefined) {
      counts.locked += 1;
      continue;
    }
    await bucket.remove(key, head.isVersioned);
    counts.removed += 1;
  }
  for await (const upload of bucket.uploads()) {
    if (isOfArchive(upload.key) && nowMs - upload.startedMs > graceMs) await bucket.abortUpload(upload);
  }
  return counts;
}

/** Whether a key is one that a push makes for data. */
function isOfArchive(key: string): boolean {
  const isNamed = dataFilePlace(key) !== undefined || keptJournalPlace(key) !== undefined || isAttachmentPath(key);
  return isNamed || /^_numbers\/run-\d{6,15}\.jsonl$/.test(key);
}
