import { dirname, join } from 'node:path';
import type { KeptJournal } from '../../archive/manifest/kept-journals.ts';
import type { Manifest } from '../../archive/manifest/manifest.ts';
import { readPurgeRules } from '../../archive/purges/read-purges.ts';
import { archivePaths, partPath } from '../../archive/paths.ts';
import { expectUnchanged } from '../../archive/verify/expect-unchanged.ts';
import type { Job } from '../../job/job.ts';
import { keptChunks } from '../../journal/kept/read-kept-journal.ts';
import { peopleJournals } from '../../journal/people-journal.ts';
import { keptLoadPlanName } from '../../load/kept/keep-load-plan.ts';
import { restoreLoadPlan, type InPlace } from '../../load/kept/restore-load-plan.ts';
import type { LoadPlan } from '../../load/load-plan.ts';
import { startLoading } from '../../load/start-loading.ts';
import type { LoadResult } from '../../model/run/load-result.ts';
import { completedRows } from '../../record/completion/completed-formats.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import { loadAttachments } from '../save-attachments.ts';
import type { Disk } from '../../system/disk.ts';
import type { MadeTables, StagedArchive } from './staged-archive.ts';

/** Where a run is made once more. */
interface ReplayContext {
  readonly disk: Disk;
  /** Whose journals they are. */
  readonly archive: string;
  /** Where the runs before have been made again. */
  readonly staged: StagedArchive;
  readonly jobs: readonly Pick<Job, 'transform' | 'sinks'>[];
  readonly inPlace?: InPlace;
  /** What the run itself has made of kept journals of runs before it. */
  readonly earlier?: Pick<LoadPlan, 'replayed' | 'refill'>;
}

/**
 * Makes the tables of a run once more, by the same load half and from the same journals as the run did.
 *
 * @returns what was made; the files are in their places
 * @throws DifferenceError for a journal that is not what its manifest says; as `restoreLoadPlan` and `loadRun`
 */
export async function replayRun(
  { disk, archive, staged, jobs, inPlace, earlier }: ReplayContext,
  { request }: Manifest,
  journals: readonly KeptJournal[],
): Promise<MadeTables> {
  const { folder, state } = staged;
  const unpacked = join(folder, archivePaths.journal);
  await disk.makeFolder(unpacked);
  for (const journal of journals) {
    await expectUnchanged(disk, archive, journal, 'rebuild from');
    await unpack(disk, join(archive, journal.path), join(unpacked, journal.place.name));
  }
  const { users, memberLists, memberships } = state;
  const surroundings = {
    archive: folder,
    known: omitUndefined({ users, memberLists, memberships }),
    purges: [...(await readPurgeRules(disk, folder, state)), ...staged.purgedPeople],
  };
  const restored = await restoreLoadPlan(disk, join(unpacked, keptLoadPlanName), surroundings, jobs, inPlace);
  const plan = { ...restored, ...earlier };
  const loaded = await loadJournals(disk, plan, unpacked);
  const attachments = plan.savesFiles ? request?.attachments : undefined;
  const run = { disk, archive: folder, loadPlan: plan, loaded, latest: staged.latestCompactions };
  const made = attachments === undefined ? loaded : (await loadAttachments(run, attachments)).loaded;
  const { files, tables } = made;
  for (const { path } of files) {
    await disk.makeFolder(dirname(join(folder, path)));
    await disk.rename(join(folder, partPath(path)), join(folder, path));
  }
  await disk.remove(join(folder, archivePaths.work));
  return { files, tables, ...completedRows(made) };
}

/** Flushed by nobody: a rebuild that is cut begins anew. */
async function unpack(disk: Disk, from: string, to: string): Promise<void> {
  const file = await disk.open(to, 'truncate');
  try {
    for await (const piece of keptChunks(disk, from)) await file.write(piece);
  } finally {
    await file.close();
  }
}

/** The load half is told of each journal that all of it is there. */
async function loadJournals(disk: Disk, plan: LoadPlan, folder: string): Promise<LoadResult> {
  const { streams, changes, rereads } = plan.runPlan;
  const lists = [...streams, ...changes, ...rereads].map(({ journal }) => journal);
  const loading = await startLoading(disk, plan, 0);
  for (const journal of [...lists, ...Object.values(peopleJournals)]) {
    loading.update(journal, { sizeBytes: (await disk.sizeBytes(join(folder, journal))) ?? 0, isClosed: true });
  }
  return loading.result;
}
