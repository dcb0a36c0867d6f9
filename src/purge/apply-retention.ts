import type { Job } from '../job/job.ts';
import { retainedSinceMs } from '../job/retention-age.ts';
import type { LinkSigner } from '../signature/link-signer.ts';
import type { Clock } from '../system/clock.ts';
import type { Disk } from '../system/disk.ts';
import { makePurge, type Purge } from './make-purge.ts';

interface RetentionOptions {
  readonly disk: Disk;
  readonly clock: Pick<Clock, 'now'>;
  /** In [0, 1). */
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly signer?: LinkSigner;
}

/**
 * Removes the messages that are older than a job lets them be, but for those that it holds. To be called by whoever holds the
 * lock, when a run is published. What is gone is left out by every later run, so that it comes to an end: without a message
 * that has become too old nothing is written.
 *
 * @returns the purge and its time, in ISO 8601; undefined: the job has no retention
 * @throws ExportError when it cannot be done: what was published stays published, and the next run does it
 */
export async function applyRetention(
  { name, output, retention, hold }: Pick<Job, 'name' | 'output' | 'retention' | 'hold'>,
  options: RetentionOptions,
): Promise<{ readonly before: string; readonly done: Purge } | undefined> {
  if (retention === undefined) return undefined;
  const { messages, reason, by } = retention;
  const beforeMs = retainedSinceMs(messages, options.clock.now());
  const holds = { rooms: hold?.rooms ?? [], users: hold?.users ?? [] };
  const done = await makePurge(output, { kind: 'before', beforeMs }, { ...options, reason, by, job: name, holds });
  return { before: new Date(beforeMs).toISOString(), done };
}
