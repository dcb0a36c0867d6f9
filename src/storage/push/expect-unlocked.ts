import { OutputError } from '../../errors.ts';
import { runName } from '../../archive/paths.ts';
import type { Bucket } from '../client/bucket.ts';
import type { ListedObject } from '../client/bucket-lists.ts';
import type { PublishedArchive } from '../published-archive.ts';

/**
 * A purge promises that what it removed is gone: it is not pushed to where that cannot be removed.
 *
 * @param settled number of the newest link whose push has ended
 * @throws OutputError that names an object which is locked, and until when; nothing is changed
 */
export async function expectUnlocked(
  bucket: Bucket,
  local: PublishedArchive,
  listed: ReadonlyMap<string, ListedObject>,
  settled: number,
): Promise<void> {
  const purge = local.links.find(({ run, isPurge }) => isPurge && run > settled);
  if (purge === undefined) return;
  for (const key of local.replaced) {
    const head = listed.has(key) ? await bucket.head(key) : undefined;
    const untilMs = head?.lockedUntilMs;
    if (untilMs === undefined) continue;
    const until = Number.isFinite(untilMs) ? `until ${new Date(untilMs).toISOString()}` : 'by a legal hold';
    throw new OutputError(
      `Cannot push the purge ${runName(purge.run)}: "${bucket.client.addressOf(key)}" is locked ${until}, and holds what was purged`,
      { hint: 'Nothing was changed there. Push again when the lock has ended, or remove the whole prefix then' },
    );
  }
}
