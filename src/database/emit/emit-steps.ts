import { firstSchemaWithDeletions } from '../../tables/stored-columns.ts';
import type { TableName } from '../../model/table-name.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import { hasSeveralRows } from '../../tables/rows/row-key.ts';
import type { ArchiveLink } from '../load/archive-links.ts';
import type { EmitState } from './emit-state.ts';

/** Links that are emitted before one STATE message. */
interface EmitStep {
  readonly links: readonly ArchiveLink[];
  /** Tables that are emitted as they are now, whatever the target has of them. */
  readonly whole: ReadonlySet<TableName>;
}

/**
 * What to emit since a state. Each link by itself, as its run left it; or, where the links do not say what became of the
 * rows of a table, all of them at once, with that table as a whole.
 */
export function emitSteps(
  links: readonly ArchiveLink[],
  state: EmitState,
  tables: readonly TableName[],
  history: ArchiveHistory,
): readonly EmitStep[] {
  const pending = links.slice(state.run);
  const whole = new Set(
    tables.filter((table) => !Object.hasOwn(state.versions, table) || isUncertain(table, pending, history)),
  );
  if (whole.size > 0) return [{ links: pending, whole }];
  return pending.map((link) => ({ links: [link], whole }));
}

function isUncertain(
  table: TableName,
  pending: readonly ArchiveLink[],
  { everyRun, superseded }: ArchiveHistory,
): boolean {
  // Rows that show people by name are not current any more, of whatever run.
  if (pending.some(({ run }) => run === superseded.since)) return true;
  const since = pending[0]?.run ?? Number.POSITIVE_INFINITY;
  const written = everyRun.filter(({ run, tables }) => run >= since && (tables[table] ?? 0) > 0);
  if (hasSeveralRows(table) && written.some(({ schemaVersion }) => schemaVersion < firstSchemaWithDeletions))
    return true;
  return pending.some(({ run, kind, dropped }) => {
    if (!dropped.includes(table)) return false;
    // No manifest names what a purge removed. A compaction keeps what is current, but not the deletions of earlier links.
    return kind === 'purge' || written.some((earlier) => earlier.run < run);
  });
}
