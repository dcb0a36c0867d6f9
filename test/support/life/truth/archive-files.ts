import type { Disk } from '../../../../src/system/disk.ts';
import { readDataFile } from '../../../../src/readers/read-data-file.ts';
import type { ReadableFormat } from '../../../../src/readers/data-file.ts';
import { storedColumns } from '../../../../src/tables/stored-columns.ts';
import type { Row } from './truth-lines.ts';

/** Paths of a table's files of one format, in folders of partitions, too. */
export async function filesOf(disk: Disk, folder: string, format: ReadableFormat): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const name of (await disk.list(folder)) ?? []) {
    const path = `${folder}/${name}`;
    if (name.includes('=')) paths.push(...(await filesOf(disk, path, format)));
    else if (name.endsWith(`.${format}`)) paths.push(path);
  }
  return paths;
}

/** Rows with the values that JSONL has: times are text. */
export async function rowsOfFile(
  disk: Disk,
  table: string,
  path: string,
  format: ReadableFormat,
): Promise<readonly Row[]> {
  if (format === 'jsonl') {
    const text = (await disk.readFile(path))?.toString() ?? '';
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Row]));
  }
  const rows: Row[] = [];
  for await (const batch of readDataFile(disk, { path, format }, storedColumns.get(table) ?? [])) {
    for (const row of batch)
      rows.push(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, timeAsText(value)])));
  }
  return rows;
}

function timeAsText(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}
