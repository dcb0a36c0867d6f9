import { resolve } from 'node:path';
import { UsageError } from '../../errors.ts';
import type { Row } from '../../model/column.ts';
import type { TableName } from '../../model/table-name.ts';
import { schemaTables } from '../../schemas/schema-formats.ts';
import { readArchiveHistory, type ArchiveHistory } from '../../snapshot/archive-history.ts';
import { currentTable } from '../../snapshot/current-table.ts';
import { TableReader } from '../../snapshot/table-reader.ts';
import { systemSurroundings } from '../../system/system-surroundings.ts';
import type { Disk } from '../../system/disk.ts';
import { hasSeveralRows } from '../../tables/rows/row-key.ts';
import { archiveLinks, type ArchiveLink } from '../load/archive-links.ts';
import { ElementCounts } from './element-counts.ts';
import { linksEmitted, noState, type EmitState } from './emit-state.ts';
import { emitSteps } from './emit-steps.ts';
import { EmittedTable } from './emitted-table.ts';
import { rowsOfRun } from './run-rows.ts';

export interface EmitOptions {
  /** Absent: nothing has been emitted yet. */
  readonly state?: EmitState;
  /** Default: all that the archive has. */
  readonly tables?: readonly TableName[];
  readonly disk?: Disk;
}

/** What is emitted, in this order: the tables, then by step of the chain rows and a state. */
type EmitEvent =
  | { readonly kind: 'tables'; readonly tables: readonly EmittedTable[] }
  /**
   * Rows of a table as it is now follow. `isAgain`: the receiver may have the table, with rows that are not in the archive
   * any more, and that nothing names.
   */
  | { readonly kind: 'whole'; readonly table: EmittedTable; readonly version: number; readonly isAgain: boolean }
  | { readonly kind: 'rows'; readonly table: EmittedTable; readonly version: number; readonly rows: readonly Row[] }
  | { readonly kind: 'state'; readonly state: EmitState };

/**
 * What came to an archive since a state: the tables, then by link of the chain the rows of its run, those that are gone first,
 * and a state. Whoever stores all rows before a state by the keys of their tables holds what `latest` returns of the archive
 * as it was then. Changes nothing.
 *
 * @param folder that a job names as its output
 * @param deletedAt the column that marks rows that are gone
 * @throws UsageError when there is no archive, or not this table; DifferenceError for a state of another archive, and for a
 *   file that is not what its manifest says; what is emitted up to the last state is right then, too
 */
export async function* emitArchive(
  folder: string,
  deletedAt: string,
  { state = noState, disk = systemSurroundings().disk, tables: wanted }: EmitOptions,
): AsyncGenerator<EmitEvent> {
  const archive = resolve(folder);
  const history = await readArchiveHistory(disk, archive);
  const { links } = await archiveLinks(disk, archive, history);
  const emitted = linksEmitted(state, archive, links);
  const names = tablesToEmit(history, archive, wanted);
  const steps = emitSteps(links, state, names, history);
  const finishedAt = new Map(links.map((link) => [link.run, link.finishedAt]));
  const tables = schemaTables({ md: true })
    .filter(({ name }) => names.includes(name))
    .map((table) => new EmittedTable(table, finishedAt, deletedAt));
  yield { kind: 'tables', tables };
  const reader = new TableReader(disk, archive, history);
  const archived = { disk, archive, history, reader };
  const counts = new Map<TableName, ElementCounts>();
  let now: EmitState = { ...state, versions: onlyOf(state.versions, names) };
  for (const { links: covered, whole } of steps) {
    const last = covered.at(-1) ?? links[emitted - 1];
    if (last === undefined) continue;
    const versions = { ...now.versions, ...Object.fromEntries([...whole].map((name) => [name, last.run])) };
    for (const table of tables) {
      const { name } = table;
      const version = versions[name] ?? last.run;
      if (whole.has(name)) {
        const isAgain = emitted > 0 && Object.hasOwn(state.versions, name);
        yield { kind: 'whole', table, version, isAgain };
        for await (const rows of wholeTable(archived, table)) yield { kind: 'rows', table, version, rows };
        continue;
      }
      for (const run of runsWith(history, name, covered)) {
        if (hasSeveralRows(name) && !counts.has(name)) {
          counts.set(name, await ElementCounts.since(emitted, archived, name));
        }
        for await (const rows of rowsOfRun(archived, table, run, counts.get(name))) {
          yield { kind: 'rows', table, version, rows };
        }
      }
    }
    now = { run: last.run, manifest_sha256: last.sha256, versions };
    yield { kind: 'state', state: now };
  }
  // Callers keep the last one of this output.
  if (steps.length === 0) yield { kind: 'state', state: now };
}

interface Archived {
  readonly disk: Disk;
  readonly archive: string;
  readonly history: ArchiveHistory;
}

/** Of superseded runs, too: a table that only they have is emptied. @throws UsageError for one that the archive lacks */
function tablesToEmit(
  { everyRun }: ArchiveHistory,
  archive: string,
  wanted: readonly TableName[] | undefined,
): readonly TableName[] {
  const all = schemaTables({ md: true }).map(({ name }) => name);
  const present = all.filter((name) => everyRun.some(({ tables }) => Object.hasOwn(tables, name)));
  const missing = wanted?.find((name) => !present.includes(name));
  if (missing === undefined) return present.filter((name) => wanted?.includes(name) !== false);
  throw new UsageError(`Cannot emit the table "${missing}": the archive "${archive}" does not have it`, {
    hint: `It has ${present.join(', ')}`,
  });
}

function onlyOf(versions: EmitState['versions'], tables: readonly string[]): EmitState['versions'] {
  return Object.fromEntries(Object.entries(versions).filter(([name]) => tables.includes(name)));
}

function runsWith({ runs }: ArchiveHistory, table: string, links: readonly ArchiveLink[]): readonly number[] {
  const covered = new Set(links.map(({ run }) => run));
  return runs.filter(({ run, tables }) => covered.has(run) && (tables[table] ?? 0) > 0).map(({ run }) => run);
}

async function* wholeTable(
  { disk, archive, history }: Archived,
  { name }: EmittedTable,
): AsyncGenerator<readonly Row[]> {
  if (!history.runs.some(({ tables }) => Object.hasOwn(tables, name))) return;
  yield* (await currentTable(disk, archive, name, { known: history })).rows;
}
