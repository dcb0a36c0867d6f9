import { filesTableName, wholeMessageTables } from '../../model/table-name.ts';
import type { Completion } from '../../model/run/load-result.ts';
import type { ArchiveHistory, ArchiveRun } from '../../snapshot/archive-history.ts';
import { droppedColumns } from '../../snapshot/superseded/dropped-columns.ts';

/**
 * The runs that read messages, saved none of their files, and have no rows that show which those are: a job that begins to save
 * files finds those of earlier messages by their rows.
 */
export function unshownFiles({ runs, forgotten }: Pick<ArchiveHistory, 'runs' | 'forgotten'>): Completion['columns'] {
  const unshown = runs.filter((run) => run.run > forgotten && run.attachments === null && !showsFiles(run));
  if (unshown.length === 0) return [];
  const because =
    'they saved no files, and no table of theirs shows those of their messages (`messages` with `attachments`, or the table `attachments`): after `state forget` the next run reads every room again and saves them';
  return [{ table: filesTableName, columns: null, runs: unshown.map(({ run }) => run), because }];
}

function showsFiles({ messageTables, tables, steps }: ArchiveRun): boolean {
  const dropped = droppedColumns({ steps });
  const isMade = (table: string): boolean => Object.hasOwn(tables, table);
  if (isMade('attachments') && !dropped.includes('file_id') && !dropped.includes('kind')) return true;
  if (dropped.includes('attachments')) return messageTables.size === 0;
  return wholeMessageTables.every((table) => !messageTables.has(table) || isMade(table));
}
