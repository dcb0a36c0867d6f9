import { sha256 } from '../../../archive/hash-file.ts';
import { OutputError } from '../../../errors.ts';
import type { Bucket } from '../../../storage/client/bucket.ts';
import type { Disk } from '../../../system/disk.ts';
import { isRunKey, type Spool } from '../spool.ts';
import { parseSpoolId, spoolFileName, spoolIdText } from '../spool-id.ts';
import { BucketRun } from './bucket-run.ts';

/**
 * Opens the spool in a bucket, or makes it. Whoever comes first gives it its id.
 *
 * @param newId of nothing else
 * @param scratch folder of this machine for attempts, which is made when there are any
 * @throws UnreachableError, AccessError, OutputError when the store refuses
 */
export async function openBucketSpool(bucket: Bucket, disk: Disk, newId: string, scratch: string): Promise<Spool> {
  const address = bucket.client.addressOf(spoolFileName);
  const text = spoolIdText(newId);
  if ((await bucket.head(spoolFileName)) === undefined) await bucket.create(spoolFileName, text, sha256(text));
  const found = await bucket.read(spoolFileName);
  if (found === undefined) {
    throw new OutputError(`Cannot use the spool: "${address}" was made and is not there`, {
      hint: 'Name a bucket of a store that keeps what is written',
    });
  }
  return {
    id: parseSpoolId(address, found.bytes),
    shown: `"${bucket.client.addressOf()}"`,
    run: (key) => new BucketRun(bucket, disk, scratch, key),
    keys: async () => {
      const keys = new Set<string>();
      for await (const { key } of bucket.list()) keys.add(key.slice(0, Math.max(0, key.indexOf('/'))));
      return [...keys].filter(isRunKey);
    },
    close: () => disk.remove(scratch),
  };
}
