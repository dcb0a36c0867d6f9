import { dirname, join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { sha256 } from '../../../src/archive/hash-file.ts';
import { readArchiveHistory, type ArchiveFile } from '../../../src/snapshot/archive-history.ts';
import type { ManifestFile } from '../../../src/archive/manifest/manifest.ts';
import { partPath } from '../../../src/archive/paths.ts';
import { dataFilePath, dataFolder } from '../../../src/archive/paths/data-file-path.ts';
import { publishCompaction, type CompactionContents } from '../../../src/archive/publish/publish-compaction.ts';
import { readStoredState } from '../../../src/archive/stored-state/read-stored-state.ts';
import { nodeDisk, type Disk } from '../../../src/system/disk.ts';
import { publishRuns } from './sample-run.ts';

/**
 * Writes the parts of a compaction of the sample runs, one file for each table and format, with as many rows as before;
 * what the rows say does not matter here. Returns what is to be published.
 */
export async function openCompaction(disk: Disk, archive: string): Promise<CompactionContents> {
  const state = await readStoredState(disk, archive);
  const run = state.run + 1;
  const live = (await readArchiveHistory(disk, archive)).files;
  const groups = new Map<string, ArchiveFile[]>();
  for (const file of live) {
    const key = `${dataFolder(file.place)} ${file.place.extension}`;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  const files: ManifestFile[] = [];
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const rows = rowsOf(group);
    const { table, format } = first;
    const values = Array.from({ length: rows }, (_, row) => `${table} ${row}`);
    const bytes =
      format === 'csv'
        ? Buffer.from(`text\n${values.join('\n')}\n`)
        : new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'text', data: values, type: 'STRING' }] }));
    const partition = first.place.partition;
    const path = dataFilePath({ table, partition, run, part: 1, extension: format });
    await disk.makeFolder(dirname(join(archive, partPath(path))));
    const file = await disk.open(join(archive, partPath(path)), 'truncate');
    try {
      await file.write(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    files.push({ path, table, format, rows, sizeBytes: bytes.length, sha256: sha256(bytes) });
  }
  return {
    tool: { name: 'rocketchat-export', version: '1.2.3' },
    schemaVersion: 1,
    startedAt: '2024-03-01T02:15:00.000Z',
    finishedAt: '2024-03-01T02:16:00.000Z',
    keeps: 'all',
    notes: ['Files of "messages" as xml were left as they are'],
    compacted: [...groups.values()].flatMap(([first, ...others]) =>
      first === undefined
        ? []
        : {
            table: first.table,
            format: first.format,
            extension: first.place.extension,
            rowsBefore: rowsOf([first, ...others]),
            rowsAfter: rowsOf([first, ...others]),
          },
    ),
    dropped: {},
    files,
    replaces: live,
    state,
  };
}

function rowsOf(files: readonly Pick<ManifestFile, 'rows'>[]): number {
  return files.reduce((sum, { rows }) => sum + rows, 0);
}

/** Three runs and a compaction of them. */
export async function publishCompacted(archive: string): Promise<void> {
  await publishRuns(nodeDisk, archive, 3);
  await publishCompaction(nodeDisk, archive, await openCompaction(nodeDisk, archive));
}
