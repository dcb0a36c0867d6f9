import { ExportError } from '../../errors.ts';
import type { Job } from '../../job/job.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import type { Disk } from '../../system/disk.ts';
import { isKnownWhole } from './why-read-again.ts';

/**
 * Whether formats of a job lack rows of earlier runs that only the journals under `_raw` have.
 *
 * @param run number of the newest link; 0: there is none
 * @throws JobError for a plug-in that does not load
 */
export async function isDueFromRaw(disk: Disk, job: Job, run: number): Promise<boolean> {
  if (run === 0 || (await isKnownWhole(disk, job, run))) return false;
  // Few runs need it: what reads archives is loaded then.
  const { readArchiveHistory } = await import('../../snapshot/archive-history.ts');
  const { lackingFormats } = await import('../completion/lacking-formats.ts');
  let history: ArchiveHistory;
  try {
    history = await readArchiveHistory(disk, job.output);
  } catch (error) {
    // The run says so, and goes on without.
    if (!(error instanceof ExportError)) throw error;
    return false;
  }
  return (await lackingFormats(disk, job, history)).some(({ source }) => source.kind === 'raw');
}
