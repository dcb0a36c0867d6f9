import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../src/archive/hash-file.ts';
import type { ManifestFile } from '../../../src/archive/manifest/manifest.ts';
import { verifyFile } from '../../../src/archive/verify/verify-file.ts';
import { OutputError } from '../../../src/errors.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';

const csv = Buffer.from('text\na\nb\n');
const parquet = new Uint8Array(
  parquetWriteBuffer({ columnData: [{ name: 'text', data: ['a', 'b'], type: 'STRING' }] }),
);

/** What is found of a file of two rows of which the manifest says something else. */
async function verified(
  bytes: Uint8Array | undefined,
  said: Partial<ManifestFile> = {},
  change?: (disk: MemoryDisk) => void,
) {
  const disk = new MemoryDisk();
  await disk.makeFolder('/archive');
  if (bytes !== undefined) await (await disk.open('/archive/f', 'truncate')).write(bytes);
  change?.(disk);
  const own = { sizeBytes: bytes?.length ?? 8, sha256: sha256(bytes ?? '') };
  return verifyFile(disk, '/archive', { path: 'f', table: 'messages', format: 'csv', rows: 2, ...own, ...said });
}

const asParquet = { format: 'parquet' };

describe('a file, compared with its manifest', () => {
  it('is as it says', async () => {
    expect(await verified(csv)).toBeUndefined();
    expect(await verified(parquet, asParquet)).toBeUndefined();
  });

  it('may be gone, of another length, or of other bytes', async () => {
    const path = 'f';
    expect(await verified(undefined)).toEqual({
      path,
      problem: 'missing',
      expected: '8 bytes',
      actual: 'no such file',
    });
    expect(await verified(csv, { sizeBytes: 7 })).toEqual({
      ...{ path, problem: 'size', expected: '7 bytes', actual: '9 bytes' },
    });
    expect(await verified(csv, { sha256: sha256('other') })).toEqual({
      ...{ path, problem: 'sha256', expected: sha256('other'), actual: sha256(csv) },
    });
  });

  it('may be one that cannot be read, which costs itself only', async () => {
    const failing = (error: Error) => (disk: MemoryDisk) => {
      disk.sizeBytes = () => Promise.reject(error);
    };
    expect(await verified(csv, {}, failing(new OutputError('Cannot read "f": EIO')))).toEqual({
      ...{ path: 'f', problem: 'unreadable', expected: '9 bytes', actual: 'Cannot read "f": EIO' },
    });
    await expect(verified(csv, {}, failing(new Error('a bug')))).rejects.toThrow('a bug');
  });

  it('is asked for its rows where its own footer counts them', async () => {
    expect(await verified(parquet, { ...asParquet, rows: 3 })).toEqual({
      ...{ path: 'f', problem: 'rows', expected: '3 rows', actual: "2 rows in the file's footer" },
    });
    expect(await verified(csv, { rows: 3 })).toBeUndefined();
  });

  it('may be no Parquet file at all', async () =>
    expect(await verified(csv, asParquet)).toMatchObject({ problem: 'unreadable', expected: 'a Parquet file' }));

  it('has no rows to count when it is a journal', async () => {
    const disk = new MemoryDisk();
    await disk.makeFolder('/archive');
    await (await disk.open('/archive/f', 'truncate')).write(csv);
    expect(await verifyFile(disk, '/archive', { path: 'f', sizeBytes: 9, sha256: sha256(csv) })).toBeUndefined();
  });
});
