import type { ArchiveRun } from '../archive-history.ts';

/** Columns that the job of a run dropped (`dropColumns`), of whichever tables have them. */
export function droppedColumns({ steps }: Pick<ArchiveRun, 'steps'>): readonly string[] {
  return steps.flatMap(({ step, settings: { columns } }) =>
    step === 'dropColumns' && Array.isArray(columns)
      ? columns.filter((column): column is string => typeof column === 'string')
      : [],
  );
}
