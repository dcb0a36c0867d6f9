import type { Job } from '../../../job/job.ts';
import { readArchiveHistory } from '../../../snapshot/archive-history.ts';
import { versionColumns } from '../../../snapshot/versions/versions.ts';
import type { Disk } from '../../../system/disk.ts';
import { loadSteps } from '../../../transforms/steps/load-steps.ts';
import { StepChain } from '../../../transforms/steps/step-chain.ts';
import { dropsAsMuch } from '../dropped-messages.ts';
import { replayed, whyNoReplay } from '../../kept/why-no-replay.ts';

/**
 * Whether all current rows of an archive can be made once more, as its job makes them now, of the journals that it keeps. Rows
 * that show people by pseudonyms, or do so no more, have other ids, and messages that a step of now drops have rows: then all
 * has to be read again, for what that supersedes is told by it.
 *
 * @throws JobError for a plug-in that does not load; OutputError for a damaged chain
 */
export async function canRefill(
  disk: Disk,
  job: Pick<Job, 'output' | 'sinks' | 'transform' | 'partition'>,
): Promise<boolean> {
  const { output, transform, partition = 'none' } = job;
  const chain = new StepChain(await loadSteps(transform.steps ?? []));
  const { runs } = await readArchiveHistory(disk, output);
  const isHiding = [chain.counts(), ...runs.map(({ steps }) => steps)].some((steps) =>
    steps.some(({ step }) => step === 'pseudonymize'),
  );
  // Messages that only steps of now drop have rows that nothing would take back.
  const isNew = chain
    .counts()
    .some(
      (now) => now.step !== 'dropColumns' && runs.some(({ steps }) => !steps.some((then) => dropsAsMuch(then, now))),
    );
  if (isHiding || isNew || versionColumns.some((name) => chain.droppedColumns.has(name))) return false;
  return (await whyNoReplay(disk, output, job, { ...replayed, transform, partition })) === null;
}
