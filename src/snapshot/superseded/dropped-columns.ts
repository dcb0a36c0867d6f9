import type { StepSettings } from './superseded-runs.ts';

/** Columns that the job of a run dropped (`dropColumns`), of whichever tables have them. */
export function droppedColumns({ steps }: { readonly steps: readonly StepSettings[] }): readonly string[] {
  return steps.flatMap(({ step, settings: { columns } }) =>
    step === 'dropColumns' && Array.isArray(columns)
      ? columns.filter((column): column is string => typeof column === 'string')
      : [],
  );
}
