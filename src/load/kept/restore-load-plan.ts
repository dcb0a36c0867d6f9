import { JsonShapeError, parseShape, parseVersioned } from '../../archive/json-shape.ts';
import { JobError, OutputError, UsageError } from '../../errors.ts';
import { sinkAsWritten, stepWithoutSecrets } from '../../job/job-without-secrets.ts';
import type { Job } from '../../job/job.ts';
import { readKeptJournal } from '../../journal/kept/read-kept-journal.ts';
import { canonicalJson } from '../../model/json/canonical-json.ts';
import { isRecord } from '../../model/json/is-record.ts';
import type { SinkEntry } from '../../model/sink-options.ts';
import type { StepOptions } from '../../model/step-options.ts';
import { runPlanVersion } from '../../plan/stored/run-plan-schema.ts';
import type { Disk } from '../../system/disk.ts';
import { schemaVersion } from '../../tables/tables.ts';
import type { LoadPlan } from '../load-plan.ts';
import { keptLoadPlanSchema, keptLoadPlanVersion, type KeptLoadPlan } from './load-plan-schema.ts';

/** What a plan leaves to whoever restores it: where the archive lies, and what runs before did. */
type Surroundings = Pick<LoadPlan, 'archive' | 'known' | 'purges'>;

/** What a plan is given in place of what the run had: formats and, for rows as a job makes them now, what it does to messages. */
export type InPlace = Pick<LoadPlan, 'sinks'> & Partial<Pick<LoadPlan, 'transform' | 'partition'>>;

/** Where what is in no archive comes from. */
type SecretSource = Pick<Job, 'transform' | 'sinks'>;

/**
 * The plan by which a run was loaded, from the journal that it was kept in.
 *
 * @param path of the journal, compressed or not
 * @param jobs that have the keys and the plug-ins which the run used
 * @param inPlace then rows count, and another version of the columns is none of the plan
 * @throws JobError for a key or a plug-in that none of them has; UsageError for a plan of another version of the program;
 *   OutputError for one that is damaged
 */
export async function restoreLoadPlan(
  disk: Disk,
  path: string,
  surroundings: Surroundings,
  jobs: readonly SecretSource[],
  inPlace?: InPlace,
): Promise<LoadPlan> {
  const { transform, sinks, ...rest } = await readLoadPlan(disk, path, inPlace === undefined);
  const { steps, ...tables } = transform;
  const { run } = rest.runPlan;
  return {
    ...rest,
    ...surroundings,
    transform: inPlace?.transform ?? {
      ...tables,
      ...(steps && { steps: steps.map((step) => restoreStep(run, step, jobs)) }),
    },
    sinks: inPlace?.sinks ?? sinks.map((sink) => restoreSink(run, sink, jobs)),
    partition: inPlace?.partition ?? rest.partition,
  };
}

async function readLoadPlan(disk: Disk, path: string, isOfSameColumns: boolean): Promise<KeptLoadPlan> {
  for await (const { frame, body } of readKeptJournal(disk, path)) {
    if (frame.kind === 'plan') return parseLoadPlan(path, body, isOfSameColumns);
  }
  throw damaged(path, 'it holds no plan');
}

function parseLoadPlan(path: string, body: Buffer, isOfSameColumns: boolean): KeptLoadPlan {
  try {
    const { version, value } = parseVersioned(body, Number.MAX_SAFE_INTEGER);
    const { runPlan, metadata } = recordOf(value);
    const { schemaVersion: columns, tool } = recordOf(metadata);
    const versions = [version, recordOf(runPlan)['version'], ...(isOfSameColumns ? [columns] : [])];
    const ours = [keptLoadPlanVersion, runPlanVersion, ...(isOfSameColumns ? [String(schemaVersion)] : [])];
    if (versions.some((one, at) => one !== ours[at])) {
      throw new UsageError(`Cannot load "${path}" once more: another version of the program made its tables`, {
        hint: `Rebuild with the version that did${typeof tool === 'string' ? `, ${tool}` : ''}`,
      });
    }
    return parseShape(keptLoadPlanSchema, value);
  } catch (error) {
    if (error instanceof JsonShapeError) throw damaged(path, error.message);
    throw error;
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function damaged(path: string, why: string): OutputError {
  return new OutputError(`Cannot load "${path}" once more: ${why}`, {
    hint: 'Restore the file from a backup; `verify` names every file that is not what it was',
  });
}

type KeptStep = NonNullable<KeptLoadPlan['transform']['steps']>[number];

function restoreStep(run: number, step: KeptStep, jobs: readonly SecretSource[]): StepOptions {
  switch (step.kind) {
    case 'dropSystemMessages':
    case 'period':
    case 'dropColumns':
      return step;
    case 'pseudonymize':
    case 'use': {
      const wanted = canonicalJson(step);
      const steps = jobs.flatMap(({ transform }) => transform.steps ?? []);
      const found = steps.find((one) => canonicalJson(stepWithoutSecrets(one)) === wanted);
      if (found !== undefined) return found;
      throw step.kind === 'use'
        ? missing(run, `its step "${step.use}"`, 'the same options')
        : missing(run, 'the key of its pseudonyms, which is in no archive,', `the key with fingerprint ${step.key}`);
    }
  }
}

function restoreSink(run: number, sink: KeptLoadPlan['sinks'][number], jobs: readonly SecretSource[]): SinkEntry {
  if ('format' in sink) return sink;
  const { use, options = {} } = sink;
  const wanted = canonicalJson({ use, options });
  const found = jobs.flatMap(({ sinks }) => sinks).find((one) => canonicalJson(sinkAsWritten(one)) === wanted);
  if (found !== undefined) return found;
  throw missing(run, `its format "${use}"`, 'the same options');
}

function missing(run: number, what: string, same: string): JobError {
  return new JobError(`Cannot rebuild run ${run}: ${what} is in no job that was given`, {
    hint: `Give the file of its job, with ${same}: --job FILE`,
  });
}
