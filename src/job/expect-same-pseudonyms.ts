import { JobError } from '../errors.ts';
import type { PurgeRule } from '../model/run/purge-rule.ts';
import { secretFingerprint } from '../secret-fingerprint.ts';
import type { Job } from './job.ts';

/**
 * Checks that what was purged, or held, by a pseudonym can be told from all else: with another key, or with none, a person who
 * was purged would come back, and nobody could know.
 *
 * @throws JobError
 */
export function expectSamePseudonyms({ transform }: Pick<Job, 'transform'>, purges: readonly PurgeRule[]): void {
  const keys = (transform.steps ?? []).flatMap((step) =>
    step.kind === 'pseudonymize' ? [secretFingerprint(step.key)] : [],
  );
  const needed = purges.flatMap((rule) => (rule.kind === 'messages' ? [] : (rule.pseudonymKey ?? [])));
  const missing = needed.find((fingerprint) => !keys.includes(fingerprint));
  if (missing === undefined) return;
  throw new JobError(
    `Cannot read for this archive with another key of pseudonymize, or with none: people were purged from it, or held, by pseudonyms of the key with the fingerprint ${missing}, and would not be known again`,
    { hint: 'Put the key back, or begin another archive' },
  );
}
