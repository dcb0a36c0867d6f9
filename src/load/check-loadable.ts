import type { Disk } from '../system/disk.ts';
import { JobError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { filesTableName, type TableName } from '../model/table-name.ts';
import { loadSink } from '../sinks/load-sink.ts';
import { allTables } from '../tables/tables.ts';
import { loadSteps } from '../transforms/steps/load-steps.ts';

/**
 * Checks what a job file cannot show: that plug-ins can be loaded, that no two sinks write the same files, and that the
 * columns to leave out exist. Called before anything is asked of the server.
 *
 * @throws JobError
 */
export async function checkLoadable(disk: Disk, job: Pick<Job, 'transform' | 'sinks' | 'attachments'>): Promise<void> {
  const steps = await loadSteps(job.transform.steps ?? []);
  checkColumns(
    job,
    steps.flatMap(({ dropsColumns = [] }) => dropsColumns),
  );
  const sinks = await Promise.all(job.sinks.map((entry) => loadSink(entry, disk)));
  sinks.forEach(({ extension }, index) => {
    if (sinks.findIndex((other) => other.extension === extension) === index) return;
    throw new JobError(`Cannot use two sinks whose files end in ".${extension}": they would write the same files`, {
      hint: 'Leave one of them out of "sinks"',
    });
  });
}

function checkColumns(
  { transform: { tables: asked, md }, attachments }: Pick<Job, 'transform' | 'attachments'>,
  dropped: readonly string[],
): void {
  const names: readonly TableName[] = attachments === undefined ? asked : [...asked, filesTableName];
  const tables = allTables({ md: md === 'json' });
  const columnsOf = (name: TableName): readonly string[] => tables[name].columns.map((column) => column.name);
  const known = new Set(names.flatMap(columnsOf));
  for (const name of dropped) {
    if (known.has(name)) continue;
    throw new JobError(`Cannot leave out column "${name}": no table of the job has it`, {
      hint: `The columns are ${[...known].join(', ')}`,
    });
  }
  for (const name of names) {
    if (columnsOf(name).some((column) => !dropped.includes(column))) continue;
    throw new JobError(`Cannot leave out every column of table "${name}"`, {
      hint: 'Leave the table out of "transform.tables"',
    });
  }
}
