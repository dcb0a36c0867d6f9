import { canonicalJson } from '../model/json/canonical-json.ts';
import type { Manifest } from '../archive/manifest/manifest.ts';
import type { Job } from '../job/job.ts';
import { loadSteps } from '../transforms/steps/load-steps.ts';
import { StepChain } from '../transforms/steps/step-chain.ts';

/** Steps that say which messages have rows, or which columns rows have, and leave the values as they are. */
const selecting: ReadonlySet<string> = new Set(['period', 'dropSystemMessages', 'dropColumns']);

/** How to make the rows of a run again from what the server has. */
export interface RowSteps {
  /** All steps of the job. */
  readonly all: StepChain;
  /** The steps that alter values, if they are those of the run; undefined: other steps made its rows. */
  readonly of: (run: number) => StepChain | undefined;
}

/** @throws JobError for a plug-in that cannot be used */
export async function rowSteps(
  job: Job,
  runs: readonly { readonly run: number; readonly steps: Manifest['steps'] }[],
): Promise<RowSteps> {
  const steps = await loadSteps(job.transform.steps ?? []);
  const altering = new StepChain(steps.filter(({ name }) => !selecting.has(name)));
  const own = named(altering.counts());
  const same = new Set(runs.filter((run) => named(run.steps) === own).map(({ run }) => run));
  return { all: new StepChain(steps), of: (run) => (same.has(run) ? altering : undefined) };
}

function named(steps: readonly Pick<Manifest['steps'][number], 'step' | 'settings'>[]): string {
  return canonicalJson(
    steps.filter(({ step }) => !selecting.has(step)).map(({ step, settings }) => ({ step, settings })),
  );
}
