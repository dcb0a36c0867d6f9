import { runsText } from '../../archive/manifest/completed-rows.ts';
import { ExportError } from '../../errors.ts';
import type { Job } from '../../job/job.ts';
import type { PlannedReread } from '../../plan/run-plan.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import type { Disk } from '../../system/disk.ts';

/**
 * What the next run will complete, in sentences: formats from the files of the archive or its kept journals, tables by reading lists once more,
 * what nothing else completes by reading everything again; and what stays as it is. Whether a file is what its manifest says shows when it is copied.
 *
 * @param again why it reads every room again, see whyReadAgain
 * @param refill why all is written anew from kept journals, see whyRefill
 * @param run number of the newest link; 0: there is no archive yet
 * @throws JobError for a plug-in that does not load
 */
export async function completionAhead(
  disk: Disk,
  job: Pick<Job, 'output' | 'sinks' | 'transform'>,
  run: number,
  rereads: readonly PlannedReread[],
  again: string | null,
  refill: string | null,
): Promise<readonly string[]> {
  if (run === 0) return [];
  // Few commands need it: what reads archives is loaded then.
  const { readArchiveHistory } = await import('../../snapshot/archive-history.ts');
  const sentences: string[] = [
    ...(again === null ? [] : [`Every room is read again from its beginning: ${again}.`]),
    ...(refill === null
      ? []
      : [`All current rows are written anew from the responses under \`_raw\`, without a request: ${refill}.`]),
  ];
  let history: ArchiveHistory;
  try {
    history = await readArchiveHistory(disk, job.output);
  } catch (error) {
    // A run goes on without, and says so, too.
    if (!(error instanceof ExportError)) throw error;
    return [`Whether every format of the job has the rows of earlier runs could not be looked up: ${error.message}.`];
  }
  const { lackingFormats } = await import('../completion/lacking-formats.ts');
  for (const { table, extension, rows, runs, source } of await lackingFormats(disk, job, history)) {
    const what = `"${table}" as ${extension} lacks ${rows} ${rows === 1 ? 'row' : 'rows'} of ${runsText(runs)}`;
    switch (source.kind) {
      case 'files':
        sentences.push(`${what}: the next run copies them from the archive's ${source.format}, without a request.`);
        break;
      case 'raw':
        sentences.push(
          `${what}: the next run makes them once more of the responses under \`_raw\`, without a request.`,
        );
        break;
      case 'none':
        if (again === null && refill === null) sentences.push(`${what}, and they stay away: ${source.because}.`);
    }
  }
  const { leftBehindNotes, supersededAhead } = await import('./left-behind.ts');
  if (again === null && refill === null) sentences.push(...(await leftBehindNotes(job, history)));
  if (again !== null) sentences.push(...[await supersededAhead(job, history)].filter((sentence) => sentence !== null));
  if (rereads.length === 0) return sentences;
  const tables = new Set(rereads.flatMap((reread) => reread.tables.map((name) => name.split(' ')[0] ?? name)));
  const count = new Set(rereads.map(({ key }) => key)).size;
  const lists = count === 1 ? 'one list' : `${count} lists`;
  return [
    ...sentences,
    `${[...tables].join(', ')}: earlier runs did not make ${tables.size === 1 ? 'this table' : 'these tables'} of all that they read, so the next one reads ${lists} again from the beginning.`,
  ];
}
