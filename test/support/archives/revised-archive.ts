import { dirname, join } from 'node:path';
import type { ManifestFile, ManifestList } from '../../../src/archive/manifest/manifest.ts';
import { partPath } from '../../../src/archive/paths.ts';
import { partitionFolder } from '../../../src/archive/paths/partition-folder.ts';
import { dataFilePath } from '../../../src/archive/paths/data-file-path.ts';
import { prepare, type RunContents } from '../../../src/archive/publish/prepare.ts';
import { finishPublishing } from '../../../src/archive/publish/publish.ts';
import { emptyState } from '../../../src/archive/state/state.ts';
import type { Disk } from '../../../src/system/disk.ts';
import type { SinkOptions } from '../../../src/model/sink-options.ts';
import { createSink } from '../../../src/sinks/sinks.ts';
import type { ColumnSpec, ColumnType, Row, Value } from '../../../src/model/column.ts';
import { listTables, messageTables } from '../../../src/tables/tables.ts';
import type { TableName } from '../../../src/model/table-name.ts';
import { sampleRun } from './sample-run.ts';

export type FixtureTable = TableName;

/** What one run adds to a table. */
export interface TableRows {
  /** Messages that no run had before. */
  readonly first?: readonly Row[];
  /** New versions and deletions: they go to files that revise. */
  readonly revising?: readonly Row[];
}

export interface FixtureRun {
  /** Tables that the run writes; one without rows has files in the first run only. */
  readonly tables: Partial<Readonly<Record<FixtureTable, TableRows>>>;
  /** Default: Parquet. */
  readonly sinks?: readonly SinkOptions[];
  /** Columns that the run does not have, as after `dropColumns` or from an older version. */
  readonly without?: readonly string[];
  /** With the column `md`. */
  readonly md?: true;
  /** A column that only a later version of the program has. */
  readonly newColumn?: string;
  /** A folder for each room. */
  readonly byRoom?: boolean;
  /** Default 3, so that a table soon has several parts. */
  readonly rowsPerFile?: number;
  /** Default: the sample's two rooms by groups.messages. */
  readonly lists?: readonly Pick<ManifestList, 'endpoint' | 'filters'>[];
  /** What else its manifest says. */
  readonly says?: Partial<Pick<RunContents, 'finishedAt' | 'server' | 'request' | 'steps'>>;
  /** Left committed in `_work`, as by a run that was killed there. */
  readonly unpublished?: boolean;
}

export function columnsOf(table: FixtureTable, md = false): readonly ColumnSpec[] {
  return { ...messageTables({ md }), ...listTables() }[table].columns;
}

/** A row with these fields; the others are empty, or null where they may be. */
export function fixtureRow(table: FixtureTable, fields: Row): Row {
  return Object.fromEntries(
    columnsOf(table, 'md' in fields).map(({ name, type, nullable }) => [
      name,
      fields[name] ?? (nullable ? null : emptyValue(type)),
    ]),
  );
}

function emptyValue({ kind }: ColumnType): Value {
  switch (kind) {
    case 'string':
      return '';
    case 'int':
      return 0;
    case 'boolean':
      return false;
    case 'timestamp':
      return new Date(0);
    case 'json':
      return {};
    case 'strings':
    case 'structs':
      return [];
  }
}

/**
 * Publishes runs with the rows given, by the program's own sinks and publishing.
 *
 * @param before links that the archive has already
 */
export async function publishFixture(
  disk: Disk,
  archive: string,
  runs: readonly FixtureRun[],
  before = 0,
): Promise<void> {
  for (const [index, fixture] of runs.entries()) {
    const run = before + index + 1;
    const files: ManifestFile[] = [];
    const tables: Record<string, number> = {};
    for (const table of Object.keys(fixture.tables) as FixtureTable[]) {
      const { first = [], revising = [] } = fixture.tables[table] ?? {};
      tables[table] = first.length + revising.length;
      files.push(...(await writeTable(disk, archive, run, fixture, table, { first, revising })));
    }
    const [sampleList] = sampleRun(1).contents.lists;
    const lists = fixture.lists?.flatMap((fields) => (sampleList ? [{ ...sampleList, ...fields }] : []));
    const contents = {
      ...sampleRun(1).contents,
      ...{ files, tables, steps: [], badFields: {} },
      ...(lists && { lists }),
      ...fixture.says,
      ...{ stateBefore: emptyState, state: { ...emptyState, run } },
    };
    await prepare(disk, archive, contents, { keepRaw: false });
    if (fixture.unpublished !== true) await finishPublishing(disk, archive);
  }
}

async function writeTable(
  disk: Disk,
  archive: string,
  run: number,
  { sinks = [{ format: 'parquet' }], without = [], md, newColumn, byRoom = false, rowsPerFile = 3 }: FixtureRun,
  table: FixtureTable,
  { first, revising }: Required<TableRows>,
): Promise<readonly ManifestFile[]> {
  const columns: readonly ColumnSpec[] = [
    ...columnsOf(table, md).filter(({ name }) => !without.includes(name)),
    ...(newColumn === undefined ? [] : [{ name: newColumn, type: { kind: 'string' }, nullable: true } as const]),
  ];
  const schema = { table, columns, metadata: { run: String(run) } };
  const files: ManifestFile[] = [];
  for (const options of sinks) {
    const sink = createSink(options, disk);
    const parts = new Map<string | undefined, number>();
    const writePart = async (
      rows: readonly Row[],
      mayReplace: boolean,
      partition: string | undefined,
    ): Promise<void> => {
      const part = (parts.get(partition) ?? 0) + 1;
      parts.set(partition, part);
      const path = dataFilePath({ table, partition, run, part, extension: sink.extension });
      await disk.makeFolder(dirname(join(archive, partPath(path))));
      const writer = await sink.open(join(archive, partPath(path)), schema);
      await writer.write(rows.map((row) => Object.fromEntries(columns.map(({ name }) => [name, row[name] ?? null]))));
      files.push({ path, table, format: sink.format, ...(await writer.close()), ...(mayReplace && { mayReplace }) });
    };
    for (const [rows, mayReplace] of [[first, false] as const, [revising, true] as const]) {
      const folders = new Map<string | undefined, Row[]>();
      for (const row of rows) {
        const { room_id: id } = row;
        const folder = byRoom && typeof id === 'string' ? partitionFolder('room', id) : undefined;
        folders.set(folder, [...(folders.get(folder) ?? []), row]);
      }
      for (const [partition, own] of folders) {
        for (let from = 0; from < own.length; from += rowsPerFile) {
          await writePart(own.slice(from, from + rowsPerFile), mayReplace, partition);
        }
      }
    }
    if (run === 1 && parts.size === 0) await writePart([], false, undefined);
  }
  return files;
}
