import type { Manifest } from '../archive/manifest/manifest.ts';
import { findMisplaced } from '../archive/verify/find-misplaced.ts';
import { publish } from '../archive/publish/publish.ts';
import type { LoadPlan } from '../load/load-plan.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { runContents, type RunFacts } from '../record/run-contents.ts';
import type { LinkSigner } from '../signature/link-signer.ts';
import type { Disk } from '../system/disk.ts';
import { keepJournals } from './keep-journals.ts';

/** Makes a link of the chain of what a run has read and written. @throws as `publish`; nothing is published then */
export async function publishRun(
  disk: Disk,
  loadPlan: LoadPlan,
  signer: LinkSigner | undefined,
  facts: Omit<RunFacts, 'misplaced' | 'shortcomings'>,
): Promise<Manifest> {
  const { job, outcomes } = facts;
  const misplaced = await findMisplaced(disk, job.output);
  const contents = runContents({ ...facts, misplaced, shortcomings: disk.shortcomings(job.output) });
  const keepRaw = await keepJournals(disk, job, loadPlan, outcomes);
  return publish(disk, job.output, contents, { keepRaw, ...omitUndefined({ signer }) });
}
