import { join } from 'node:path';
import { keptJournals } from '../../archive/manifest/kept-journals.ts';
import { purgedPeople } from '../../archive/purges/purged-people.ts';
import { readWholeChain } from '../../archive/manifest/read-chain.ts';
import { archivePaths } from '../../archive/paths.ts';
import type { Job } from '../../job/job.ts';
import { isDueFromRaw } from '../../load/ahead/due-from-raw.ts';
import { whyRefill } from '../../load/ahead/why-read-again.ts';
import type { InPlace } from '../../load/kept/restore-load-plan.ts';
import { replayed } from '../../load/kept/why-no-replay.ts';
import type { LoadPlan } from '../../load/load-plan.ts';
import { groupBy } from '../../model/list/group-by.ts';
import type { RunEvent } from '../../run-event.ts';
import type { Disk } from '../../system/disk.ts';
import { replayRun } from './replay-run.ts';
import { nothingMade, StagedArchive } from './staged-archive.ts';

export interface Replaying {
  readonly disk: Disk;
  readonly archive: string;
  readonly jobs: readonly Pick<Job, 'transform' | 'sinks'>[];
  /** Runs before this one are made. */
  readonly before: number;
  readonly inPlace?: InPlace;
  /** A folder, made anew. */
  readonly to: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes the rows of earlier runs once more of the journals that they kept: as this job makes them, where they lack what it has
 * now, else as they were, for formats that nothing else of the archive completes. Begun anew when the run was cut.
 *
 * @returns the plan with the folder in which they are, or as it was: nothing needs them, or they cannot be made
 * @throws as replayRun
 */
export async function withReplayed(
  disk: Disk,
  job: Job,
  loadPlan: LoadPlan,
  { signal, onEvent }: { readonly signal: AbortSignal; readonly onEvent: (event: RunEvent) => void },
): Promise<LoadPlan> {
  const { archive, runPlan } = loadPlan;
  const to = join(archive, archivePaths.replayed);
  await disk.remove(to);
  const because = await whyRefill(disk, job);
  if (because === null && !(await isDueFromRaw(disk, job, runPlan.run - 1))) return loadPlan;
  onEvent({ kind: 'replaying' });
  if (because !== null) {
    const { transform, partition } = loadPlan;
    const inPlace = { ...replayed, transform, partition };
    await replayEarlier({ disk, archive, jobs: [job], before: runPlan.run, inPlace, to, signal });
    return { ...loadPlan, refill: { folder: to, because } };
  }
  await replayEarlier({ disk, archive, jobs: [job], before: runPlan.run, to, signal });
  return { ...loadPlan, replayed: to };
}

/** Makes an archive of the rows of the runs before one, in the format of `replayed`. @throws as replayRun */
export async function replayEarlier({
  disk,
  archive,
  jobs,
  before,
  inPlace = replayed,
  to,
  signal,
}: Replaying): Promise<void> {
  await disk.makeFolder(to);
  const staged = new StagedArchive(disk, to, await purgedPeople(disk, archive));
  const { journals } = await keptJournals(disk, archive);
  const journalsOf = groupBy(journals, ({ place }) => place.run);
  for await (const { manifest } of readWholeChain(disk, archive)) {
    signal?.throwIfAborted();
    const { run } = manifest;
    if (run >= before) break;
    const made =
      manifest.kind === 'export'
        ? await replayRun({ disk, archive, staged, jobs, inPlace }, manifest, journalsOf.get(run) ?? [])
        : nothingMade;
    await staged.add(manifest, made);
  }
}
