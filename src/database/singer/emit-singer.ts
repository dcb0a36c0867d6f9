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
import { emitSteps } from './emit-steps.ts';
import { rowsOfRun } from './run-rows.ts';
import { linksEmitted, noState, type SingerState } from './singer-state.ts';
import { SingerStream } from './singer-stream.ts';

export interface EmitOptions {
  /** Absent: nothing has been emitted yet. */
  readonly state?: SingerState;
  /** Default: all that the archive has. */
  readonly tables?: readonly TableName[];
  readonly disk?: Disk;
  /** Called with a table that the target may have, and that is emitted as a whole nevertheless. */
  readonly onWhole?: (table: TableName) => void;
  /** Called at the end with the times that the format `date-time` cannot hold. */
  readonly onClamped?: (values: number) => void;
}

/**
 * What came to an archive since a state, as messages of the Singer specification: SCHEMA of each table, then by link of the
 * chain the rows of its run, those that are gone first, and a STATE. Whoever stores all messages before a STATE by the keys
 * of the schemas holds what `latest` returns of the archive as it was then. Changes nothing.
 *
 * @param folder that a job names as its output
 * @returns lines, some thousand together
 * @throws UsageError when there is no archive, or not this table; DifferenceError for a state of another archive, and for a
 *   file that is not what its manifest says; what is emitted up to the last STATE is right then, too
 */
export async function* emitSinger(folder: string, options: EmitOptions = {}): AsyncGenerator<string> {
  const { state = noState, disk = systemSurroundings().disk } = options;
  const archive = resolve(folder);
  const history = await readArchiveHistory(disk, archive);
  const links = await archiveLinks(disk, archive, history);
  const emitted = linksEmitted(state, archive, links);
  const tables = tablesToEmit(history, archive, options.tables);
  const steps = emitSteps(links, state, tables, history);
  const finishedAt = new Map(links.map((link) => [link.run, link.finishedAt]));
  const streams = schemaTables({ md: true })
    .filter(({ name }) => tables.includes(name))
    .map((table) => new SingerStream(table, finishedAt));
  yield streams.map((stream) => stream.schema()).join('');
  const reader = new TableReader(disk, archive, history);
  const archived = { disk, archive, history, reader };
  const counts = new Map<TableName, ElementCounts>();
  let now: SingerState = { ...state, versions: onlyOf(state.versions, tables) };
  for (const { links: covered, whole } of steps) {
    const last = covered.at(-1) ?? links[emitted - 1];
    if (last === undefined) continue;
    const versions = { ...now.versions, ...Object.fromEntries([...whole].map((name) => [name, last.run])) };
    for (const stream of streams) {
      const { name } = stream;
      const version = versions[name] ?? last.run;
      if (whole.has(name)) {
        if (emitted > 0 && Object.hasOwn(state.versions, name)) options.onWhole?.(name);
        // Before the rows: some targets remove those of this very version, too (Meltano SDK, SQLSink.activate_version).
        yield stream.activateVersion(version);
        for await (const rows of wholeTable(archived, stream)) yield stream.records(rows, version);
        continue;
      }
      for (const rows of runsWith(history, name, covered)) {
        if (hasSeveralRows(name) && !counts.has(name)) {
          counts.set(name, await ElementCounts.since(emitted, archived, name));
        }
        for await (const batch of rowsOfRun(archived, stream, rows, counts.get(name))) {
          yield stream.records(batch, version);
        }
      }
    }
    now = { run: last.run, manifest_sha256: last.sha256, versions };
    yield stateLine(now);
  }
  // Callers keep the last one of this output.
  if (steps.length === 0) yield stateLine(now);
  const clamped = streams.reduce((sum, stream) => sum + stream.clamped, 0);
  if (clamped > 0) options.onClamped?.(clamped);
}

interface Archived {
  readonly disk: Disk;
  readonly archive: string;
  readonly history: ArchiveHistory;
  readonly reader: TableReader;
}

function stateLine(value: SingerState): string {
  return `${JSON.stringify({ type: 'STATE', value })}\n`;
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

function onlyOf(versions: SingerState['versions'], tables: readonly string[]): SingerState['versions'] {
  return Object.fromEntries(Object.entries(versions).filter(([name]) => tables.includes(name)));
}

function runsWith({ runs }: ArchiveHistory, table: string, links: readonly ArchiveLink[]): readonly number[] {
  const covered = new Set(links.map(({ run }) => run));
  return runs.filter(({ run, tables }) => covered.has(run) && (tables[table] ?? 0) > 0).map(({ run }) => run);
}

async function* wholeTable(
  { disk, archive, history }: Archived,
  { name }: SingerStream,
): AsyncGenerator<readonly Row[]> {
  if (!history.runs.some(({ tables }) => Object.hasOwn(tables, name))) return;
  yield* (await currentTable(disk, archive, name, { known: history })).rows;
}
