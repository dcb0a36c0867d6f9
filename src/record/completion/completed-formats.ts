import { runRanges, type CompletedRows, runsText } from '../../archive/manifest/completed-rows.ts';
import type { Incomplete, Outdated, UnreadRoom } from '../../archive/manifest/coverage.ts';
import type { Completion, LoadResult } from '../../model/run/load-result.ts';
import { namedRooms, whyUnread } from './unread-rooms.ts';

/** What the manifest says of rows of earlier runs that this one has written in another format. */
export function completedRows({ completion }: Pick<LoadResult, 'completion'>): {
  readonly completed?: readonly CompletedRows[];
  readonly refilled?: NonNullable<Completion['refilled']>;
} {
  const { completed, refilled } = completion;
  const isRefilled = refilled !== undefined && { refilled };
  if (completed.length === 0) return { ...isRefilled };
  return { ...isRefilled, completed: completed.map(({ runs, ...rest }) => ({ ...rest, runs: runRanges(runs) })) };
}

/**
 * What some format, column or table lacks of earlier runs or has of them too much; absent: nobody could look.
 *
 * @param unread the rooms that could not be read again: what the archive has of them is as it was
 */
export function incompleteParts(
  { completion }: Pick<LoadResult, 'completion'>,
  tables: readonly Incomplete[],
  unread: readonly UnreadRoom[],
): { readonly incomplete?: readonly Incomplete[]; readonly outdated?: readonly Outdated[] } {
  const { incomplete, columns, outdated, unlooked } = completion;
  if (unlooked !== null) return {};
  const named = (part: { readonly isReadAgain?: true }): Pick<Incomplete, 'rooms' | 'roomCount'> =>
    unread.length === 0 || isOfAllRooms(part) ? {} : namedRooms(unread);
  const isLeft = (part: { readonly isReadAgain?: true }): boolean => isOfAllRooms(part) || unread.length > 0;
  return {
    incomplete: [
      ...incomplete.map(({ table, extension, runs, because, ...rest }) => ({
        table,
        format: extension,
        columns: null,
        runs: runRanges(runs),
        because,
        ...named(rest),
      })),
      ...columns.filter(isLeft).map(({ table, columns: names, runs, because, ...rest }) => ({
        table,
        format: null,
        columns: names,
        runs: runRanges(runs),
        because,
        ...named(rest),
      })),
      ...tables,
    ],
    outdated: outdated.filter(isLeft).map(({ table, runs, because, ...rest }) => ({
      table,
      runs: runRanges(runs),
      because,
      ...named(rest),
    })),
  };
}

/** The same in sentences. */
export function completionNotes({ completion }: Pick<LoadResult, 'completion'>): readonly string[] {
  const { completed, refilled, incomplete, columns, outdated, unlooked } = completion;
  return [
    ...(refilled === undefined
      ? []
      : [
          `Wrote ${refilled.rows} current ${refilled.rows === 1 ? 'row' : 'rows'} of earlier runs anew, from the responses of the server that the archive keeps in \`_raw\`: ${refilled.because}.`,
        ]),
    ...completed.map(
      ({ table, extension, runs, rows, source }) =>
        `Completed "${table}" as ${extension}: ${rows} ${rows === 1 ? 'row' : 'rows'} of ${rangesOf(runs)}, from ${source === 'raw' ? 'the responses of the server that the archive keeps in `_raw`' : 'the other formats of the archive'}.`,
    ),
    ...incomplete.map(
      ({ table, extension, runs, because }) =>
        `"${table}" as ${extension} lacks the rows of ${rangesOf(runs)}: ${because}.`,
    ),
    ...columns
      .filter(isOfAllRooms)
      .flatMap(({ table, columns: names, runs, because }) =>
        names === null ? [`"${table}" lacks some rows of ${rangesOf(runs)}: ${because}.`] : [],
      ),
    ...outdated
      .filter(isOfAllRooms)
      .map(({ table, runs, because }) => `Rows of "${table}" of ${rangesOf(runs)} stay as they are: ${because}.`),
    ...(unlooked === null
      ? []
      : [`Whether every format of the job has the rows of earlier runs could not be looked up: ${unlooked}.`]),
  ];
}

/** What rooms keep that could not be read again, in one sentence, and why they could not. @param unread see incompleteParts */
export function unreadNotes(
  { completion }: Pick<LoadResult, 'completion'>,
  unread: readonly UnreadRoom[],
): readonly string[] {
  const { columns, outdated } = completion;
  const lacks = columns
    .filter((one) => !isOfAllRooms(one))
    .map(({ table, columns: names, runs, because }) => {
      const what = names === null ? 'some rows' : names.join(', ');
      return `"${table}" lacks ${what} of ${rangesOf(runs)}, because ${because}`;
    });
  const keeps = outdated
    .filter((one) => !isOfAllRooms(one))
    .map(({ table, runs, because }) => `rows of "${table}" of ${rangesOf(runs)} stay as they are, because ${because}`);
  if (unread.length === 0 || lacks.length + keeps.length === 0) return [];
  return [`Not every room could be read again: ${whyUnread(unread)}. Of these, ${[...lacks, ...keeps].join('; ')}.`];
}

/** Files of the archive that changes were to be compared with. */
export function damagedNotes({ damaged }: Pick<LoadResult, 'damaged'>): readonly string[] {
  return damaged.map(
    (path) =>
      `"${path}" is not what its manifest says: its rows were read from another format of the archive. Restore it, \`verify\` names all that differ.`,
  );
}

function isOfAllRooms({ isReadAgain }: { readonly isReadAgain?: true }): boolean {
  return isReadAgain !== true;
}

function rangesOf(runs: readonly number[]): string {
  return runsText(runs);
}
