import { resolve } from 'node:path';
import { readChain } from '../../archive/manifest/read-chain.ts';
import { verifyLinks } from '../../archive/verify/verify.ts';
import type { VerifyReport } from '../../archive/verify/verify-report.ts';
import type { GivenEvidence } from '../../archive/verify/outside-evidence.ts';
import { OutputError } from '../../errors.ts';
import type { Bucket } from '../client/bucket.ts';
import { readPointer } from '../pointer.ts';
import { StorageDisk } from './storage-disk.ts';

/** Stands for the prefix in paths, and in messages that name one. */
export function rootOf({ client: { target } }: Bucket): string {
  return resolve('/s3:', target.bucket, target.prefix);
}

/**
 * See verifyPushed.
 *
 * @param youngMs objects that no manifest names, and that are younger, may be of a push that is open
 */
export async function verifyBucket(
  bucket: Bucket,
  evidence: GivenEvidence,
  youngMs = 24 * 3_600_000,
): Promise<VerifyReport> {
  const root = rootOf(bucket);
  const disk = new StorageDisk(bucket, root);
  await disk.expectRuns('verify');
  const { pointer, nowMs } = await readPointer(bucket);
  const isOpen = pointer.pushing !== null;
  const place = { shown: bucket.client.addressOf(), areListsBehind: isOpen };
  const report = await verifyLinks(root, { ...evidence, disk }, place);
  const objects = await disk.objects();
  const replaced = await replacedPaths(disk, root);
  const left = { replaced: 0, unnamed: 0 };
  const differences = report.differences.filter(({ path, problem }) => {
    if (problem !== 'stray') return true;
    const ageMs = (nowMs ?? 0) - (objects.get(path)?.modifiedMs ?? 0);
    if (replaced.has(path)) left.replaced += 1;
    else if (isOpen || ageMs < youngMs) left.unnamed += 1;
    else return true;
    return false;
  });
  const notes = [
    ...(left.replaced > 0
      ? [`${left.replaced} objects were replaced and are still there: locked, or left for the next push`]
      : []),
    ...(left.unnamed > 0 ? [`${left.unnamed} objects are in no manifest: a push is open, or was cut`] : []),
  ];
  return { ...report, differences, notes: [...report.notes, ...notes] };
}

/** None where the chain is damaged: the report has that already. */
async function replacedPaths(disk: StorageDisk, root: string): Promise<ReadonlySet<string>> {
  const replaced = new Set<string>();
  try {
    for await (const { manifest } of readChain(disk, root)) {
      for (const { path } of 'replaces' in manifest ? manifest.replaces : []) replaced.add(path);
    }
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
  }
  return replaced;
}
