import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractColumns } from '../expected/contract-columns.ts';
import { tableReaders, type ReadRow } from '../archives/read-table.ts';
import { DuckDbReader } from '../sinks/duckdb-reader.ts';

/** Every row of a table in the files that SHA256SUMS lists, read by DuckDB and by what is published of the columns. */
export async function readArchiveTable(archive: string, table: string, extension: string): Promise<readonly ReadRow[]> {
  const paths = readFileSync(join(archive, '_manifest/SHA256SUMS'), 'utf8')
    .split('\n')
    .map((line) => line.slice(line.indexOf('  ') + 2))
    .filter((path) => path.startsWith(`${table}/`) && path.endsWith(`.${extension}`));
  const duckDb = await DuckDbReader.open();
  try {
    const reader = tableReaders(duckDb).find((one) => one.name === 'DuckDB' && one.extension === extension);
    if (reader === undefined) throw new Error(`Nothing reads ${extension}`);
    const columns = contractColumns(table, { md: false });
    const rows: ReadRow[] = [];
    // A row at a time: as arguments of one call they would fill the stack.
    for (const path of paths) for (const row of await reader.read(join(archive, path), columns)) rows.push(row);
    return rows;
  } finally {
    duckDb.close();
  }
}
