import { readPurgeRules } from '../archive/purges/read-purges.ts';
import { expectSigner } from '../archive/publish/expect-signer.ts';
import { finishPublishing } from '../archive/publish/publish.ts';
import { readStoredState } from '../archive/stored-state/read-stored-state.ts';
import type { State } from '../archive/state/state.ts';
import type { RunOptions } from '../environment.ts';
import { expectSamePseudonyms } from '../job/expect-same-pseudonyms.ts';
import type { Job } from '../job/job.ts';
import { readAgainIfDue } from '../load/ahead/read-again.ts';
import type { PurgeRule } from '../model/run/purge-rule.ts';
import type { LinkSigner } from '../signature/link-signer.ts';
import type { Disk } from '../system/disk.ts';
import { writeViews } from '../views/write-views.ts';

interface OpenOptions {
  readonly signer: LinkSigner | undefined;
  /** ISO 8601. */
  readonly now: string;
  readonly onEvent: NonNullable<RunOptions['onEvent']>;
  readonly onViewFailure: (view: string, error: unknown) => void;
}

/**
 * What the runs before have left, once what one of them was cut in is finished and the job is found to fit.
 *
 * @throws JobError when the job has another key than the archive's purges or signatures need, OutputError for a damaged
 *   archive
 */
export async function openArchive(
  disk: Disk,
  job: Job,
  { signer, now, onEvent, onViewFailure }: OpenOptions,
): Promise<{ readonly state: State; readonly purges: readonly PurgeRule[] }> {
  const archive = job.output;
  // The run before was cut behind its commit: should this one fail, its views must not stay older than the archive.
  if (await finishPublishing(disk, archive)) await writeViews(disk, archive, onViewFailure);
  await expectSigner(disk, archive, signer, 'job');
  const because = await readAgainIfDue(disk, job, now, signer);
  if (because !== null) onEvent({ kind: 'reading-again', because });
  const state = await readStoredState(disk, archive);
  const purges = await readPurgeRules(disk, archive, state);
  expectSamePseudonyms(job, purges);
  return { state, purges };
}
