import type { Completion } from '../../model/run/load-result.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';

/**
 * The runs whose senders the table of users may lack, because they did not make it: lists of users and members bring most of
 * them, but no list has guests of livechat, or users that are gone.
 */
export function unmetPeople(
  { runs, forgotten }: Pick<ArchiveHistory, 'runs' | 'forgotten'>,
  tables: Iterable<string>,
): Completion['columns'] {
  if (![...tables].includes('users')) return [];
  const unmet = runs.filter(
    ({ run, tables: made }) => run > forgotten && !Object.hasOwn(made, 'users') && hasRows(made),
  );
  if (unmet.length === 0) return [];
  return [
    {
      ...{ table: 'users', columns: null, runs: unmet.map(({ run }) => run) },
      because:
        'they did not make it, and who only sent messages that they read, and is in no list of users or members, is not in it: after `state forget` the next run reads every room again',
    },
  ];
}

function hasRows(tables: Readonly<Record<string, number>>): boolean {
  return Object.values(tables).some((rows) => rows > 0);
}
