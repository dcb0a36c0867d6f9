import type { Job } from '../../job/job.ts';
import { resetState } from '../../archive/stored-state/state-links.ts';
import type { LinkSigner } from '../../signature/link-signer.ts';
import type { Disk } from '../../system/disk.ts';
import { whyReadAgain } from './why-read-again.ts';

/**
 * Has the run that is about to begin read every room from its beginning, where nothing else completes the archive: by a
 * link of the chain, as `state forget` does. A run that is cut behind it finds the rooms unread, and goes on.
 *
 * @param now ISO 8601
 * @returns why, in a sentence; null: it need not
 * @throws as whyReadAgain and resetState
 */
export async function readAgainIfDue(
  disk: Disk,
  job: Job,
  now: string,
  signer: LinkSigner | undefined,
): Promise<string | null> {
  const because = await whyReadAgain(disk, job);
  if (because !== null) await resetState(disk, job.output, now, () => 'all', signer);
  return because;
}
