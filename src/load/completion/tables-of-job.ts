import type { Job } from '../../job/job.ts';
import { allTables } from '../../tables/tables.ts';
import { loadSteps } from '../../transforms/steps/load-steps.ts';
import { StepChain } from '../../transforms/steps/step-chain.ts';

/** The tables as a job would write them now, and the steps that messages go through on the way. */
interface TablesOfJob {
  readonly steps: ReturnType<StepChain['counts']>;
  /** Without the columns that its steps drop. */
  readonly tables: ReturnType<typeof allTables>;
}

/** @throws JobError for a plug-in that does not load */
export async function tablesOfJob({ md, steps = [] }: Job['transform']): Promise<TablesOfJob> {
  const chain = new StepChain(await loadSteps(steps));
  return { steps: chain.counts(), tables: allTables({ md: md === 'json', without: chain.droppedColumns }) };
}
