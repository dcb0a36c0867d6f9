import { join, resolve } from 'node:path';
import { expectArchive } from '../archive/expect-archive.ts';
import { keptJournals, type KeptJournal, type KeptJournals } from '../archive/manifest/kept-journals.ts';
import type { Manifest, ManifestFile } from '../archive/manifest/manifest.ts';
import { purgedPeople } from '../archive/purges/purged-people.ts';
import { noRunPublished } from '../archive/no-run-published.ts';
import { readWholeChain } from '../archive/manifest/read-chain.ts';
import { archivePaths } from '../archive/paths.ts';
import { expectNewOutput } from '../archive/expect-new-output.ts';
import { rowsByFormat } from '../archive/verify/rows-by-format.ts';
import type { VerifyReport } from '../archive/verify/verify-report.ts';
import { UsageError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { keptLoadPlanName } from '../load/kept/keep-load-plan.ts';
import { restoreLoadPlan } from '../load/kept/restore-load-plan.ts';
import { replayed } from '../load/kept/why-no-replay.ts';
import type { LoadPlan } from '../load/load-plan.ts';
import { omitUndefined } from '../omit-undefined.ts';
import type { Disk } from '../system/disk.ts';
import { systemSurroundings } from '../system/system-surroundings.ts';
import { FileComparer, type FileComparison } from './compare-files.ts';
import { replayEarlier, type Replaying } from '../pipeline/replay/replay-earlier.ts';
import { replayRun } from '../pipeline/replay/replay-run.ts';
import { nothingMade, StagedArchive } from '../pipeline/replay/staged-archive.ts';

/** What a rebuild is given, and what replaces the real disk. */
export interface RebuildOptions {
  /** Where keys and plug-ins come from that runs used: no archive has them. */
  readonly jobs?: readonly Job[];
  readonly disk?: Disk;
  /** Aborting it ends the rebuild with the run at work; nothing is left then. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly run: number; readonly runs: number }) => void;
}

/** What a rebuild made, and how it compares with what the runs wrote. */
export interface Rebuild extends FileComparison {
  readonly runs: number;
  readonly files: number;
  readonly bytes: number;
  /** Rows by table and format, as `verify` reports them. */
  readonly formats: VerifyReport['formats'];
}

/**
 * Makes all tables of an archive once more, from what it keeps of the server's responses (`_raw`) and its chain of
 * manifests alone: no table of it is read. Every file is compared with what the manifest of its run says.
 *
 * A run's files are made as the run left them, whatever a compaction has made of them since. What was purged is gone from
 * the responses, too, and so from these tables.
 *
 * @param folder that a job names as its output
 * @param output a folder that is not there yet or holds nothing; it appears when it is whole
 * @returns also when files differ: `differences` names them
 * @throws UsageError when there is no archive, when runs kept no responses, when another version of the program made them,
 *   or for an output that is taken; JobError for a key or a plug-in that no job has; DifferenceError for a journal that is
 *   not what its manifest says; OutputError when the disk refuses or the chain is damaged
 */
export async function rebuildArchive(folder: string, output: string, options: RebuildOptions = {}): Promise<Rebuild> {
  const { disk, process } = { ...systemSurroundings(), ...omitUndefined({ disk: options.disk }) };
  const [archive, to] = [resolve(folder), resolve(output)];
  await expectArchive(disk, archive, 'rebuild');
  await expectNewOutput(disk, archive, to, { mayBeEmpty: true });
  const kept = await keptJournals(disk, archive);
  expectKept(archive, kept);
  const staging = `${to}.${process.pid}.tmp`;
  try {
    const rebuilt = await rebuildChain({ ...options, ...kept, disk, archive, staging });
    for (const name of [archivePaths.manifests, archivePaths.state, archivePaths.work]) {
      await disk.remove(join(staging, name));
    }
    for (const name of (await disk.list(staging)) ?? []) await disk.syncFolder(join(staging, name));
    await disk.syncFolder(staging);
    await disk.removeEmptyFolder(to);
    await disk.rename(staging, to);
    return rebuilt;
  } finally {
    await disk.remove(staging).catch(() => undefined);
  }
}

interface Rebuilding extends Omit<RebuildOptions, 'disk'>, KeptJournals {
  readonly disk: Disk;
  readonly archive: string;
  readonly staging: string;
}

async function rebuildChain({
  disk,
  archive,
  staging,
  journals,
  runs,
  newest,
  jobs = [],
  signal,
  onProgress,
}: Rebuilding): Promise<Rebuild> {
  await disk.makeFolder(staging);
  const staged = new StagedArchive(disk, staging, await purgedPeople(disk, archive));
  const comparer = new FileComparer(journals);
  const made: ManifestFile[] = [];
  const journalsOf = new Map<number, KeptJournal[]>(runs.map((run) => [run, []]));
  for (const journal of journals) journalsOf.get(journal.place.run)?.push(journal);
  let done = 0;
  for await (const { manifest } of readWholeChain(disk, archive, newest)) {
    signal?.throwIfAborted();
    const { run } = manifest;
    let tables = nothingMade;
    if (manifest.kind === 'export') {
      const ofRun = journalsOf.get(run) ?? [];
      const earlier = await earlierOf({ disk, archive, staging, jobs, signal }, manifest, ofRun);
      const context = { disk, archive, staged, jobs, earlier };
      tables = await replayRun(context, manifest, ofRun);
      done += 1;
      onProgress?.({ run: done, runs: runs.length });
    }
    await staged.add(manifest, tables);
    comparer.add(manifest, tables.files);
    made.push(...tables.files);
  }
  return {
    runs: runs.length,
    files: made.length,
    bytes: made.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    formats: rowsByFormat(made),
    ...comparer.result,
  };
}

/** Rows of earlier runs that a run had made once more as well: as they were, to complete a format, or as its job makes them. */
async function earlierOf(
  { staging, ...replaying }: Omit<Replaying, 'before' | 'to'> & Pick<Rebuilding, 'staging'>,
  { run, completed = [], refilled }: Manifest,
  journals: readonly KeptJournal[],
): Promise<Pick<LoadPlan, 'replayed' | 'refill'>> {
  const { disk, archive, jobs } = replaying;
  const to = join(staging, archivePaths.replayed);
  await disk.remove(to);
  if (refilled === undefined) {
    if (!completed.some(({ source }) => source === 'raw')) return {};
    await replayEarlier({ ...replaying, before: run, to });
    return { replayed: to };
  }
  const plan = journals.find(({ place }) => place.name === keptLoadPlanName);
  if (plan === undefined) return {};
  const surroundings = { archive, known: {}, purges: [] };
  const { transform, partition } = await restoreLoadPlan(disk, join(archive, plan.path), surroundings, jobs, replayed);
  await replayEarlier({ ...replaying, before: run, inPlace: { ...replayed, transform, partition }, to });
  return { refill: { folder: to, because: refilled.because } };
}

function expectKept(archive: string, { journals, runs }: KeptJournals): void {
  if (runs.length === 0) throw noRunPublished('rebuild', archive);
  const whole = new Set(journals.flatMap(({ place }) => (place.name === keptLoadPlanName ? [place.run] : [])));
  const missing = runs.filter((run) => !whole.has(run));
  if (missing.length === 0) return;
  const named = missing.slice(0, 10).join(', ');
  throw new UsageError(
    `Cannot rebuild "${archive}": ${missing.length} of ${runs.length} runs kept no responses, or not with the plan by which they were loaded: ${named}${missing.length > 10 ? '…' : ''}`,
    { hint: 'Tables are made from `_raw` alone where every run kept it (`raw: keep`), by this build or a later one' },
  );
}
