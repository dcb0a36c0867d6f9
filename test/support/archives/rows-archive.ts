import { dirname, join } from 'node:path';
import { sha256 } from '../../../src/archive/hash-file.ts';
import { readArchiveHistory, type ArchiveFile } from '../../../src/snapshot/archive-history.ts';
import type { ManifestFile } from '../../../src/archive/manifest/manifest.ts';
import { partPath } from '../../../src/archive/paths.ts';
import { dataFilePath, dataFolder } from '../../../src/archive/paths/data-file-path.ts';
import { publish } from '../../../src/archive/publish/publish.ts';
import { readStoredState } from '../../../src/archive/stored-state/read-stored-state.ts';
import { nodeDisk, type Disk } from '../../../src/system/disk.ts';
import type { TableName } from '../../../src/model/table-name.ts';
import { readDataFile } from '../../../src/readers/read-data-file.ts';
import { isReadableFormat } from '../../../src/readers/data-file.ts';
import { loadSink } from '../../../src/sinks/load-sink.ts';
import type { SinkEntry } from '../../../src/model/sink-options.ts';
import type { ColumnDescription, Row, Value } from '../../../src/model/column.ts';
import { listTables, messageTables, schemaVersion } from '../../../src/tables/tables.ts';

export const columnsOf = (table: TableName): readonly ColumnDescription[] =>
  ({ ...messageTables({ md: false }), ...listTables() })[table].columns;

/** A row of a table with these cells; the others are null or the plainest value there is. */
export function rowOf(table: TableName, cells: Readonly<Record<string, Value>>): Row {
  return Object.fromEntries(
    columnsOf(table).map(({ name, type, nullable }): [string, Value] => {
      const cell = cells[name];
      if (cell !== undefined) return [name, cell];
      if (nullable) return [name, null];
      switch (type.kind) {
        case 'string':
          return [name, name === 'op' ? 'upsert' : ''];
        case 'timestamp':
          return [name, new Date(Date.UTC(2026, 0, 1))];
        case 'int':
          return [name, 0];
        case 'boolean':
          return [name, false];
        case 'json':
          return [name, null];
        case 'strings':
        case 'structs':
          return [name, []];
      }
    }),
  );
}

/** Rows of one file: of a table, in a folder, first versions or not. */
export interface RowsOfRun {
  readonly table: TableName;
  readonly rows: readonly Row[];
  /** The rows may replace others. */
  readonly mayReplace?: true;
  /** `month=2026-11`. */
  readonly partition?: string;
  /** Names of the columns to write; default: all. */
  readonly columns?: readonly string[];
}

/**
 * Publishes a run with these rows, as a job does that has found them.
 *
 * @param version of the schema that its manifest names; the columns are those of today
 * @returns its number
 */
export async function publishRows(
  archive: string,
  content: readonly RowsOfRun[],
  sinks: readonly SinkEntry[],
  disk: Disk = nodeDisk,
  version = schemaVersion,
): Promise<number> {
  const state = await readStoredState(disk, archive);
  const run = state.run + 1;
  const files: ManifestFile[] = [];
  const tables: Record<string, number> = {};
  const parts = new Map<string, number>();
  for (const { table, rows, mayReplace, partition, columns: names } of content) {
    const columns = columnsOf(table).filter(({ name }) => names?.includes(name) ?? true);
    tables[table] = (tables[table] ?? 0) + rows.length;
    for (const entry of sinks) {
      const sink = await loadSink(entry, disk);
      const schema = { table, columns, metadata: { run: String(run), job: 'rows' } };
      const folder = `${table}/${partition ?? ''} ${sink.extension}`;
      const part = (parts.get(folder) ?? 0) + 1;
      parts.set(folder, part);
      const path = dataFilePath({ table, partition, run, part, extension: sink.extension });
      await disk.makeFolder(dirname(join(archive, partPath(path))));
      const writer = await sink.open(join(archive, partPath(path)), schema);
      await writer.write(rows);
      const written = await writer.close();
      files.push({ path, table, format: sink.format, ...written, ...(mayReplace && { mayReplace }) });
    }
  }
  await publish(
    disk,
    archive,
    {
      ...{ tool: { name: 'test', version: '0' }, schemaVersion: version, job: { name: 'rows', sha256: sha256('job') } },
      server: { url: 'https://chat.example.com', version: null, user: { id: 'u', username: 'user' } },
      ...{ startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:01.000Z', notes: [], steps: [] },
      ...{ tables, files, badFields: {}, requests: {}, lists: [], changes: [], unchanged: 0 },
      ...{ stateBefore: state, state: { ...state, run } },
    },
    { keepRaw: false },
  );
  return run;
}

/** Rows by table, format and folder, in the order of the files; of files that built-in sinks wrote. */
export async function rowsInArchive(
  archive: string,
  disk: Disk = nodeDisk,
): Promise<Readonly<Record<string, readonly Row[]>>> {
  const rows: Record<string, Row[]> = {};
  for (const file of (await readArchiveHistory(disk, archive)).files) {
    const { extension } = file.place;
    const own = (rows[`${dataFolder(file.place)} ${extension}`] ??= []);
    if (file.rows === 0 || !isReadableFormat(file.format)) continue;
    own.push(...(await rowsInFile(archive, file, disk)));
  }
  return rows;
}

async function rowsInFile(archive: string, { path, format, table }: ArchiveFile, disk: Disk): Promise<readonly Row[]> {
  if (!isReadableFormat(format)) throw new Error(`No rows can be read from "${path}"`);
  const tableColumns = { ...messageTables({ md: true }), ...listTables() }[table as TableName].columns;
  const rows: Row[] = [];
  for await (const batch of readDataFile(disk, { path: join(archive, path), format }, tableColumns)) {
    rows.push(...batch);
  }
  return rows;
}

export const livePaths = async (archive: string): Promise<readonly string[]> =>
  (await readArchiveHistory(nodeDisk, archive)).files.map(({ path }) => path);
