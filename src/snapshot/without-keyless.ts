import { listTableNames } from '../model/table-name.ts';
import { rowKeys } from '../tables/rows/row-key.ts';
import type { ArchiveHistory, ArchiveRun } from './archive-history.ts';
import { droppedColumns } from './superseded/dropped-columns.ts';

/**
 * The archive as a table that follows a list of the server is to be read: rows of a job that dropped the ids of what they
 * are of (`dropColumns: [user_id]` beside `room_members`), `op` or `run`, are no versions of anything. Once all was read again, which writes
 * every member anew, they count as those of superseded runs do; before, nobody can tell what is current.
 */
export function withoutKeyless(history: ArchiveHistory, table: string): ArchiveHistory {
  const { runs, forgotten, superseded } = history;
  const name = listTableNames.find((one) => one === table);
  const again = runs.find(({ run }) => run > forgotten);
  if (name === undefined || forgotten === 0 || again === undefined) return history;
  const keyless = runs.filter((one) => one.run <= forgotten && isKeyless(one, rowKeys[name]));
  if (keyless.length === 0) return history;
  return {
    ...history,
    runs: runs.filter((one) => !keyless.includes(one)),
    superseded: {
      runs: new Set([...superseded.runs, ...keyless.map(({ run }) => run)]),
      since: Math.max(superseded.since, again.run),
    },
  };
}

function isKeyless(run: ArchiveRun, ids: readonly string[]): boolean {
  const dropped = new Set(droppedColumns(run));
  return [...ids, 'op', 'run'].some((column) => dropped.has(column));
}
