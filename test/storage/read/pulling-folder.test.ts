import { beforeEach, expect, it } from '@jest/globals';
import { expectPullingFolder, markPullingFolder } from '../../../src/storage/read/pulling-folder.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { failure } from '../../support/failure.ts';

let disk: MemoryDisk;

beforeEach(async () => {
  disk = new MemoryDisk();
  await disk.makeFolder('/out');
});

const write = async (path: string) => (await disk.open(path, 'truncate')).write(Buffer.from('mine'));

it('takes a folder that is not there, an empty one, and one that a pull has marked', async () => {
  await expectPullingFolder(disk, '/out/new');
  await expectPullingFolder(disk, '/out');
  await markPullingFolder(disk, '/out');
  await write('/out/messages.csv');
  await expectPullingFolder(disk, '/out');
});

it('takes one that a pull was killed in before it could mark it: with its lock alone', async () => {
  await write('/out/_lock');
  await expectPullingFolder(disk, '/out');
  await write('/out/notes.txt');
  expect(await failure(expectPullingFolder(disk, '/out'))).toMatchObject({
    ...{ kind: 'output', message: expect.stringContaining('"/out"'), hint: expect.stringContaining('--output') },
  });
});

it('takes no file for a folder', async () => {
  await write('/out/file');
  await expect(expectPullingFolder(disk, '/out/file')).rejects.toThrow('no pull has left there');
});
