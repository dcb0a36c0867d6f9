import type { Job } from '../../job/job.ts';
import { loadSink } from '../../sinks/load-sink.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import { TableReader } from '../../snapshot/table-reader.ts';
import type { Disk } from '../../system/disk.ts';
import { whyNoReplay } from '../kept/why-no-replay.ts';
import { findSource, type FoundSource } from './source/find-source.ts';
import { lackingRows, type LackingRows } from './lacking-rows.ts';
import { tableReadAgainTo } from './read-again-to.ts';
import { tablesOfJob } from './tables-of-job.ts';

/** Rows of earlier runs that a format of a job lacks. */
interface LackingFormat extends Pick<LackingRows, 'rows' | 'runs'> {
  readonly table: string;
  readonly extension: string;
  readonly source: FoundSource;
}

/**
 * What formats of a job lack, before its next run. What cannot be copied is left out where every room has been read again
 * since: then what is current is there.
 *
 * @throws JobError for a plug-in that does not load
 */
export async function lackingFormats(
  disk: Disk,
  job: Pick<Job, 'output' | 'sinks' | 'transform'>,
  history: ArchiveHistory,
): Promise<readonly LackingFormat[]> {
  const { output, sinks, transform } = job;
  const { steps, tables } = await tablesOfJob(transform);
  const reader = new TableReader(disk, output, history);
  const whyUnkept = once(() => whyNoReplay(disk, output, job));
  const found: LackingFormat[] = [];
  for (const entry of sinks) {
    const sink = await loadSink(entry, disk);
    const { extension } = sink;
    for (const table of transform.tables) {
      const { columns } = tables[table];
      for (const lacking of lackingRows(history, table, sink)) {
        const source = await findSource(reader, lacking, { history, steps, table, columns, whyNoReplay: whyUnkept });
        const isReadAgain = lacking.runs.every((run) => run <= tableReadAgainTo(table, history));
        if (source.kind !== 'none' || !isReadAgain) found.push({ ...lacking, table, extension, source });
      }
    }
  }
  return found;
}

/** Asks at most once. */
export function once<Found>(ask: () => Promise<Found>): () => Promise<Found> {
  let found: Promise<Found> | undefined;
  return () => (found ??= ask());
}
