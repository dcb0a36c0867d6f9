import { listTables } from '../tables/tables.ts';
import type { ExportedFile } from '../tables/files.ts';
import type { LoadResult } from '../model/run/load-result.ts';
import { filesTableName } from '../model/table-name.ts';
import type { Disk } from '../system/disk.ts';
import { loadSteps } from '../transforms/steps/load-steps.ts';
import { StepChain } from '../transforms/steps/step-chain.ts';
import { completeEarlier } from './completion/complete-earlier.ts';
import { formatsOf, outputsOf } from './load-run.ts';
import type { LoadPlan } from './load-plan.ts';
import { MetPeople } from './met-people.ts';

/**
 * Writes the table of files, in each format, once what became of them is known: the last that is loaded of a run.
 *
 * @param rows those that the table lacks, in their order
 * @returns what the run has loaded, with the table
 */
export async function loadFiles(
  disk: Disk,
  plan: LoadPlan,
  loaded: LoadResult,
  rows: readonly ExportedFile[],
): Promise<LoadResult> {
  const steps = new StepChain(await loadSteps(plan.transform.steps ?? []));
  const table = listTables(steps.droppedColumns)[filesTableName];
  const outputs = outputsOf(disk, plan, await formatsOf(disk, plan), table);
  try {
    const { isNew, ...completion } = await completeEarlier(disk, plan, loaded.steps, outputs, new MetPeople());
    // Rows of earlier runs may be replaced as soon as there are any.
    if (rows.length > 0) {
      const place = { partition: undefined, mayReplace: plan.runPlan.run > 1 };
      for (const output of outputs) await output.write(table.batch(rows), place);
    }
    for (const output of outputs) await output.close({ evenIfEmpty: isNew(output) });
    const { completed, incomplete, columns, outdated, unlooked } = loaded.completion;
    return {
      ...loaded,
      files: [...loaded.files, ...outputs.flatMap(({ files }) => files)],
      tables: { ...loaded.tables, [filesTableName]: rows.length },
      completion: {
        ...loaded.completion,
        completed: [...completed, ...completion.completed],
        incomplete: [...incomplete, ...completion.incomplete],
        columns: [...columns.filter(isOfOthers), ...completion.columns.filter((one) => !isOfOthers(one))],
        outdated: [...outdated.filter(isOfOthers), ...completion.outdated.filter((one) => !isOfOthers(one))],
        unlooked: unlooked ?? completion.unlooked,
      },
    };
  } catch (error) {
    for (const output of outputs) await output.abort();
    throw error;
  }
}

/** What the rest of the run says of the table of files is said here once more, from the same manifests. */
function isOfOthers({ table }: { readonly table: string }): boolean {
  return table !== filesTableName;
}
