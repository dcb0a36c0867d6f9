import { addTimestamps } from '../archive/publish/add-timestamps.ts';
import type { Environment } from '../environment.ts';
import { UnreachableError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { askAuthority } from '../rocketchat/timestamp-authority.ts';
import type { RunEvent } from '../run-event.ts';
import type { Disk } from '../system/disk.ts';

/** Bytes of the number that tells the answer to one query from that to another. */
const nonceBytes = 8;

/**
 * Asks the authority that a job names, if it does, when what has been published was there. One that does not answer is an
 * event: a later run asks it again.
 *
 * @throws OutputError
 */
export async function stampRun(
  disk: Disk,
  { output: archive, sign }: Pick<Job, 'output' | 'sign'>,
  { random, proxyFor }: Pick<Environment, 'random' | 'proxyFor'>,
  onEvent: (event: RunEvent) => void,
): Promise<void> {
  const authority = sign?.timestamp;
  if (authority === undefined) return;
  const nonce = (): Uint8Array => Uint8Array.from({ length: nonceBytes }, () => Math.floor(random() * 256));
  const ask = (query: Uint8Array): Promise<Uint8Array> => askAuthority(authority, query, proxyFor);
  await addTimestamps(disk, archive, ask, nonce).catch((error: unknown) => {
    if (!(error instanceof UnreachableError)) throw error;
    onEvent({ kind: 'timestamp-failed', error });
  });
}
