import { z } from 'zod';
import { UsageError } from '../../../errors.ts';
import { lockDuration } from '../../../model/run/lock-duration.ts';
import type { PushTarget } from '../../../model/run/push-target.ts';
import { storageTarget } from '../../../model/run/storage-target.ts';

const address = z.string().check((context) => {
  const message = problemOf(() => storageTarget(context.value), 'expected s3://bucket/prefix, without keys');
  if (message !== undefined) context.issues.push({ code: 'custom', input: context.value, message });
});
const lock = z.string().check((context) => {
  const message = problemOf(() => lockDuration(context.value), 'expected years or days, such as 7y or 90d');
  if (message !== undefined) context.issues.push({ code: 'custom', input: context.value, message });
});

/** `push` of a job. */
export const pushSchema = z
  .union([
    address,
    z.strictObject({
      to: address.meta({
        title: 'Bucket and prefix',
        description: 'The prefix is of this archive alone.',
        examples: ['s3://archives/nightly'],
      }),
      objectLock: lock
        .meta({
          title: 'Object Lock',
          description:
            'For so long nobody can remove data and manifests, not even the owner of the account (mode COMPLIANCE). The bucket must have Object Lock.',
          examples: ['7y', '90d'],
        })
        .exactOptional(),
    }),
  ])
  .meta({
    title: 'Copy to an object store',
    description:
      'After each run, copies what is published to this bucket of an S3-compatible store, as the command `push` does. Keys come from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, or AWS_PROFILE), never from here. If it fails, the run is published all the same, and ends with exit code 75.',
    examples: ['s3://archives/nightly', { to: 's3://archives/nightly', objectLock: '7y' }],
  });

/** What a job file that was checked asks for. */
export function pushTarget(push: z.infer<typeof pushSchema>): PushTarget {
  const { to, objectLock } = typeof push === 'string' ? { to: push } : push;
  return { to: storageTarget(to), ...(objectLock !== undefined && { objectLock: lockDuration(objectLock) }) };
}

/** Without the value, which may hold a key. */
function problemOf(read: () => unknown, problem: string): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return problem;
  }
}
