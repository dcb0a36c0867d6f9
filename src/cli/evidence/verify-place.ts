import { resolve } from 'node:path';
import type { GivenEvidence } from '../../archive/verify/outside-evidence.ts';
import type { VerifyReport } from '../../archive/verify/verify-report.ts';
import { isStorageAddress } from '../../model/run/storage-target.ts';
import type { Context } from '../command.ts';
import { storageAt } from './storage-at.ts';

/** Verifies the archive in a folder, or in an object store where the place is an address of one. */
export async function verifyPlace(place: string, evidence: GivenEvidence, context: Context): Promise<VerifyReport> {
  if (!isStorageAddress(place)) {
    const { verifyArchive } = await import('../../archive/verify/verify.ts');
    return verifyArchive(resolve(context.processContext.cwd, place), evidence);
  }
  const { target, reach } = await storageAt(place, context);
  const { verifyPushed } = await import('../../storage/verify-pushed.ts');
  return verifyPushed(target, { ...reach, ...evidence });
}
