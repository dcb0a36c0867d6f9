import { rangesText, runRanges, type CompletedRows } from '../../archive/manifest/completed-rows.ts';
import type { Incomplete, Outdated } from '../../archive/manifest/coverage.ts';
import type { LoadResult } from '../../model/run/load-result.ts';

/** What the manifest says of rows of earlier runs that this one has written in another format. */
export function completedRows({ completion }: Pick<LoadResult, 'completion'>): {
  readonly completed?: readonly CompletedRows[];
} {
  const { completed } = completion;
  if (completed.length === 0) return {};
  return { completed: completed.map(({ runs, ...rest }) => ({ ...rest, runs: runRanges(runs) })) };
}

/** What some format, column or table lacks of earlier runs or has of them too much; absent: nobody could look. */
export function incompleteParts(
  { completion }: Pick<LoadResult, 'completion'>,
  tables: readonly Incomplete[],
): { readonly incomplete?: readonly Incomplete[]; readonly outdated?: readonly Outdated[] } {
  const { incomplete, columns, outdated, unlooked } = completion;
  if (unlooked !== null) return {};
  return {
    incomplete: [
      ...incomplete.map(({ table, extension, runs, because }) => ({
        ...{ table, format: extension, columns: null, runs: runRanges(runs), because },
      })),
      ...columns.map(({ runs, ...rest }) => ({ ...rest, format: null, runs: runRanges(runs) })),
      ...tables,
    ],
    outdated: outdated.map(({ runs, ...rest }) => ({ ...rest, runs: runRanges(runs) })),
  };
}

/** The same in sentences. */
export function completionNotes({ completion }: Pick<LoadResult, 'completion'>): readonly string[] {
  const { completed, incomplete, columns, outdated, unlooked } = completion;
  return [
    ...completed.map(
      ({ table, extension, runs, rows }) =>
        `Completed "${table}" as ${extension}: ${rows} ${rows === 1 ? 'row' : 'rows'} of ${rangesOf(runs)}, from the other formats of the archive.`,
    ),
    ...incomplete.map(
      ({ table, extension, runs, because }) =>
        `"${table}" as ${extension} lacks the rows of ${rangesOf(runs)}: ${because}.`,
    ),
    ...columns.flatMap(({ table, columns: names, runs, because }) =>
      names === null ? [`"${table}" lacks some rows of ${rangesOf(runs)}: ${because}.`] : [],
    ),
    ...outdated.map(
      ({ table, runs, because }) => `Rows of "${table}" of ${rangesOf(runs)} stay as they are: ${because}.`,
    ),
    ...(unlooked === null
      ? []
      : [`Whether every format of the job has the rows of earlier runs could not be looked up: ${unlooked}.`]),
  ];
}

function rangesOf(runs: readonly number[]): string {
  return rangesText(runRanges(runs));
}
