import { join } from 'node:path';
import { sha256 } from '../archive/hash-file.ts';
import { dataFilePlace } from '../archive/paths/data-file-path.ts';
import { archivePaths } from '../archive/paths.ts';
import { parseSums } from '../archive/sha256-sums.ts';
import { toJsonText } from '../archive/to-json-text.ts';
import { schemaTables } from '../schemas/schema-formats.ts';
import { sqlHeader } from '../schemas/sql-text.ts';
import { duckDbAdvice } from '../schemas/duckdb.ts';
import { UsageError } from '../errors.ts';
import { readArchiveHistory } from '../snapshot/archive-history.ts';
import { readableHistory } from '../snapshot/foreign-rows.ts';
import { replaceFile, type Disk } from '../system/disk.ts';
import { tableJsonSchema } from '../tables/json-schema.ts';
import { schemaVersion } from '../tables/tables.ts';
import { tool } from '../version.ts';
import { archivedTable, type ArchivedTable } from './archived-table.ts';
import { tableViews } from './table-views.ts';

const folder = `${archivePaths.views}/schema`;
const viewsFile = `${folder}/views.sql`;

/**
 * Writes `_view/schema`: a JSON Schema per table of the archive, and the views `latest_…` of all of them for DuckDB. It
 * follows from the archive's files, and is left as it is while these and the program are the same.
 */
export async function writeSchemaView(disk: Disk, archive: string): Promise<void> {
  const stamp = `-- Of the files and the program with SHA-256 ${await sourceHash(disk, archive)}\n`;
  const present = await disk.readFile(join(archive, viewsFile));
  if (present?.toString().startsWith(stamp) === true) return;

  const whole = await readArchiveHistory(disk, archive);
  const names = new Set(whole.runs.flatMap(({ tables }) => Object.keys(tables)));
  const { history, notes } = readableHistory(whole, names);
  const described = schemaTables({ md: true }).filter(({ name }) => names.has(name));
  const tables: ArchivedTable[] = [];
  const foreign: string[] = [];
  for (const table of described) {
    try {
      tables.push(await archivedTable(disk, archive, history, table));
    } catch (error) {
      // In formats of plug-ins only.
      if (!(error instanceof UsageError)) throw error;
      foreign.push(table.name);
    }
  }

  await disk.makeFolder(join(archive, folder));
  await disk.syncFolder(archive);
  await disk.syncFolder(join(archive, archivePaths.views));
  for (const { table, newest } of tables) {
    const schema = tableJsonSchema({ ...table, required: newest });
    await replaceFile(disk, join(archive, folder, `${table.name}.schema.json`), toJsonText(schema));
  }
  const missing = schemaTables({ md: true }).filter(({ name }) => !names.has(name));
  const advice = [
    'In the folder of the archive: duckdb -init _view/schema/views.sql',
    ...duckDbAdvice,
    ...(missing.length === 0
      ? []
      : [`This archive does not have these tables: ${missing.map(({ name }) => name).join(', ')}.`]),
    ...(foreign.length === 0
      ? []
      : [`Here is no view of ${foreign.join(', ')}: its files are of plug-ins, which DuckDB does not read.`]),
    ...notes,
  ];
  const text = tables.map((table) => tableViews(table, history)).join('');
  // Last: what begins with the stamp says that all the rest is there.
  await replaceFile(disk, join(archive, viewsFile), `${stamp}${sqlHeader(advice)}${text}`);
}

/** Whatever is written follows from these. */
async function sourceHash(disk: Disk, archive: string): Promise<string> {
  const list = await disk.readFile(join(archive, archivePaths.sums));
  const paths = [...((list && parseSums(list)) ?? new Map<string, string>()).keys()];
  const files = paths.filter((path) => dataFilePlace(path) !== undefined);
  return sha256(JSON.stringify([tool, schemaVersion, files]));
}
