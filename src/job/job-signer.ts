import { JobError } from '../errors.ts';
import { linkSigner, type LinkSigner } from '../signature/link-signer.ts';
import { parseSigningKey } from '../signature/signing-key.ts';
import type { Job } from './job.ts';

/** What signs the runs of a job; undefined: nothing does. @throws JobError for a key that is none, in a job built by hand */
export function jobSigner({ name, sign }: Pick<Job, 'name' | 'sign'>): LinkSigner | undefined {
  if (sign === undefined) return undefined;
  const key = parseSigningKey(sign.key);
  if (!('problem' in key)) return linkSigner(key, sign.timestamp !== undefined);
  throw new JobError(`Cannot use the key "sign.key" of the job "${name}": ${key.problem}`, {
    hint: '`keygen` makes one',
  });
}
