import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { createFile } from '../../src/system/create-file.ts';
import { type Disk, nodeDisk } from '../../src/system/disk.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';

it('makes a file, and none where one is', async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, 'key');
    await createFile(nodeDisk, path, 'mine');
    await expect(createFile(nodeDisk, path, 'other')).rejects.toMatchObject({ kind: 'output' });
    expect([await readFile(path, 'utf8'), await readdir(folder)]).toEqual(['mine', ['key']]);
  });
});

it('leaves no half of a key behind where the disk is full', async () => {
  await inTemporaryFolder(async (folder) => {
    const disk: Disk = {
      ...nodeDisk,
      open: async (path, mode) => ({
        ...(await nodeDisk.open(path, mode)),
        sync: () => Promise.reject(new Error('full')),
      }),
    };
    await expect(createFile(disk, join(folder, 'key'), 'mine')).rejects.toThrow('full');
    expect(await readdir(folder)).toEqual([]);
  });
});
