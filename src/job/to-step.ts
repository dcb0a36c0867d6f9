import type { StepOptions } from '../model/step-options.ts';
import type { KeyPath } from './problem.ts';
import type { WrittenAt } from './schema/schema-problems.ts';
import type { StepEntry } from './schema/steps-schema.ts';
import { toPeriod } from './schema/period-schema.ts';
import { toPlugin } from './to-plugin.ts';

/** A checked entry of `transform.steps`, at `path` of the job. */
export function toStep(entry: StepEntry, path: KeyPath, cwd: string, writtenAt: WrittenAt): StepOptions {
  const { dropColumns, pseudonymize, since, until, use, options } = entry;
  if (dropColumns !== undefined) return { kind: 'dropColumns', columns: [...new Set(dropColumns)] };
  if (pseudonymize !== undefined) return { kind: 'pseudonymize', key: pseudonymize.key };
  if (since !== undefined || until !== undefined) {
    return { kind: 'period', ...toPeriod({ since, until }) };
  }
  if (use === undefined) return { kind: 'dropSystemMessages' };
  return { kind: 'use', plugin: toPlugin({ use, ...(options && { options }) }, path, cwd, writtenAt) };
}
