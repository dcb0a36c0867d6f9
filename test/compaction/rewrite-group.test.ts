import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { rewriteGroup } from '../../src/compaction/rewrite-group.ts';
import { DifferenceError } from '../../src/errors.ts';
import { createSink } from '../../src/sinks/sinks.ts';
import type { ArchiveFile } from '../../src/snapshot/archive-history.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { schemaVersion } from '../../src/tables/tables.ts';
import { columnsOf, rowOf } from '../support/archives/rows-archive.ts';
import { countingDisk } from '../support/disk/counting-disk.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';

const table = 'reactions';
const columns = columnsOf(table);
const inFolder = temporaryFolder();

it.each([
  ['by rows', { format: 'jsonl' }, 'jsonl'],
  ['by columns', { format: 'parquet' }, 'parquet'],
] as const)(
  'a rewrite %s leaves no file open where what it reads is not what its manifest says',
  async (_, options, extension) => {
    const archive = inFolder(options.format);
    const path = `reactions/run-000001-0001.${extension}`;
    await mkdir(join(archive, table), { recursive: true });
    const writer = await createSink(options, nodeDisk).open(join(archive, path), { table, columns, metadata: {} });
    await writer.write([rowOf(table, { message_id: 'm1' }), rowOf(table, { message_id: 'm2' })]);
    const written = await writer.close();
    const file: ArchiveFile = {
      ...{ path, table, format: options.format, ...written, mayReplace: false, isOfOthers: false, schemaVersion },
      place: { table, partition: undefined, run: 1, part: 1, extension },
    };
    // Its first rows are written before the rest of them is missed.
    const short = { ...file, rows: file.rows + 1, format: options.format };
    const disk = countingDisk();
    const rewriting = rewriteGroup(
      { disk, archive, run: 2, rowsPerFile: 100, metadata: {} },
      {
        group: { ...file.place, format: options.format, files: [short] },
        runsOfFiles: [
          {
            files: [file, short],
            schema: { format: options.format, columns, options, metadata: {} },
            mayReplace: false,
          },
        ],
      },
    );
    await expect(rewriting).rejects.toBeInstanceOf(DifferenceError);
    expect(disk.openHandles()).toBe(0);
    expect(disk.steps()).toBeGreaterThan(0);
  },
);
