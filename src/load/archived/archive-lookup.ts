import { currentTables } from '../../model/table-name.ts';
import { ExportError } from '../../errors.ts';
import type { Uncompared } from '../../model/run/load-result.ts';
import type { ArchivedRows, WantedRows } from '../../snapshot/archived-rows.ts';
import type { JournalContext } from '../journal-context.ts';

/** The newest row of each wanted message, in each table that the job makes. @throws as archivedRows */
export async function lookUpRows(
  { disk, archive, steps, tables, damaged }: Pick<JournalContext, 'disk' | 'archive' | 'steps' | 'tables' | 'damaged'>,
  wanted: WantedRows,
): Promise<ArchivedRows> {
  // Few runs need it: what reads tables is loaded then.
  const { archivedRows } = await import('../../snapshot/archived-rows.ts');
  return archivedRows(
    disk,
    archive,
    currentTables.filter((name) => tables.has(name)),
    wanted,
    { present: steps.counts(), damaged },
  );
}

/** Why the archive cannot be asked: it lacks a column, which only another job mends, or is damaged. @throws other errors */
export function whyUncompared(error: unknown): Uncompared {
  if (!(error instanceof ExportError)) throw error;
  return { kind: error.kind === 'usage' ? 'note' : 'gap', message: error.message };
}
