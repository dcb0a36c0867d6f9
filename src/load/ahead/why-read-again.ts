import { join } from 'node:path';
import { newestRun, readRunManifest } from '../../archive/manifest/run-manifests.ts';
import { archivePaths } from '../../archive/paths.ts';
import type { Outdated } from '../../archive/manifest/coverage.ts';
import { ExportError } from '../../errors.ts';
import { jobFingerprint } from '../../job/fingerprint.ts';
import type { Job } from '../../job/job.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import { namedFilesBecause } from '../completion/outdated-rows.ts';
import { supersededBecause } from '../../snapshot/superseded/superseded-runs.ts';
import type { Disk } from '../../system/disk.ts';

/**
 * Why a run has to read every room again from its beginning, in a sentence; null: it need not. Rows of earlier runs that a
 * format lacks and that no format can ever give are reason enough, for nothing else completes it. What else earlier runs
 * lack is one only for a job with `backfill`. Once read again it is no reason any more, and neither is it while a run is
 * open, which is resumed first.
 *
 * @throws JobError for a plug-in that does not load; OutputError for a damaged state
 */
export async function whyReadAgain(disk: Disk, job: Job): Promise<string | null> {
  if ((await disk.sizeBytes(join(job.output, archivePaths.runPlan))) !== undefined) return null;
  const because = await whyRenew(disk, job);
  return because === null || (await isRefillable(disk, job)) ? null : because;
}

/**
 * Why a run has to write all current rows anew, where the journals that earlier runs kept are enough for it: the server is not
 * asked then. null: it need not, or cannot.
 *
 * @throws as whyReadAgain
 */
export async function whyRefill(disk: Disk, job: Job): Promise<string | null> {
  const because = await whyRenew(disk, job);
  return because !== null && (await isRefillable(disk, job)) ? because : null;
}

async function isRefillable(disk: Disk, job: Job): Promise<boolean> {
  const { canRefill } = await import('../completion/source/can-refill.ts');
  return canRefill(disk, job);
}

/** See whyReadAgain, whether or not a run is open, and wherever the rows may come from. */
async function whyRenew(disk: Disk, job: Job): Promise<string | null> {
  const { output, backfill = false } = job;
  const run = await newestRun(disk, output);
  if (run === 0 || (await isKnownWhole(disk, job, run))) return null;
  // Few runs need it: what reads archives is loaded then.
  const { readArchiveHistory } = await import('../../snapshot/archive-history.ts');
  let history: ArchiveHistory;
  try {
    history = await readArchiveHistory(disk, output);
  } catch (error) {
    // The run says so, and goes on without.
    if (!(error instanceof ExportError)) throw error;
    return null;
  }
  if (history.isRefillDue) return '`state reset` asked for it';
  const { lackingFormats } = await import('../completion/lacking-formats.ts');
  for (const { table, extension, source } of await lackingFormats(disk, job, history)) {
    if (source.kind !== 'none' || (!source.isForGood && !backfill)) continue;
    return `"${table}" as ${extension} lacks rows of earlier runs: ${source.because}`;
  }
  if (!backfill) return null;
  const { leftBehind } = await import('./left-behind.ts');
  const { columns, outdated } = await leftBehind(job, history);
  const [first] = columns;
  if (first === undefined) {
    const [other] = outdated;
    return other === undefined
      ? null
      : `rows of "${other.table}" were written otherwise by earlier runs: ${other.because}`;
  }
  const what =
    first.columns === null
      ? 'messages'
      : `${first.columns.length === 1 ? 'column' : 'columns'} ${first.columns.join(', ')}`;
  return `"${first.table}" lacks ${what} of earlier runs`;
}

/** Whether the run before looked for the same job, and found that nothing is lacking that reading again would bring. */
export async function isKnownWhole(disk: Disk, job: Job, run: number): Promise<boolean> {
  const { manifest } = await readRunManifest(disk, job.output, run);
  if (manifest.kind !== 'export' || manifest.job.sha256 !== jobFingerprint(job)) return false;
  const { incomplete, outdated } = manifest.coverage ?? {};
  if (incomplete === undefined || outdated === undefined) return false;
  const isDue = incomplete.some(
    ({ format, runs, rooms }) => runs.length > 0 && (format !== null || (job.backfill === true && rooms === undefined)),
  );
  return !isDue && (job.backfill !== true || outdated.every(isAsItStays));
}

/** Reading again has made it so, and changes nothing more. */
function isAsItStays({ because, rooms }: Outdated): boolean {
  return because === supersededBecause || because === namedFilesBecause || rooms !== undefined;
}
