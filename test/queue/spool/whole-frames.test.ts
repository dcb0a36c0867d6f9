import { expect, it } from '@jest/globals';
import { copyWholeFrames } from '../../../src/queue/spool/whole-frames.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';

async function withFile(text: string, chunkBytes: number): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const file = await disk.open('/from', 'truncate');
  await file.write(Buffer.from(text));
  disk.readChunks = async function* (path: string) {
    const bytes = (await disk.readFile(path)) ?? Buffer.of();
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  };
  return disk;
}

it.each([1, 4, 5, 100])(
  'copies just the bytes of whole frames, and flushes them, in chunks of %d',
  async (chunkBytes) => {
    const disk = await withFile('frame1 frame2 half of a fra', chunkBytes);
    // What a copy that was cut has left.
    await (await disk.open('/to.tmp', 'truncate')).write(Buffer.from('frame0 '));
    await copyWholeFrames(disk, '/from', '/to', 14);
    expect((await disk.readFile('/to'))?.toString()).toBe('frame1 frame2 ');
    await disk.syncFolder('/');
    disk.cutPower();
    expect((await disk.readFile('/to'))?.toString()).toBe('frame1 frame2 ');
  },
);

it('closes what it writes, also when reading fails', async () => {
  const disk = await withFile('frame1 frame2 ', 4);
  let open = 0;
  const openFile = disk.open;
  disk.open = async (path, mode) => {
    const file = await openFile(path, mode);
    open += 1;
    return { ...file, close: () => Promise.resolve(void (open -= 1)) };
  };
  await copyWholeFrames(disk, '/from', '/to', 14);
  expect(open).toBe(0);
  disk.readChunks = () => {
    throw new Error('unreadable');
  };
  await expect(copyWholeFrames(disk, '/from', '/to', 14)).rejects.toThrow('unreadable');
  expect(open).toBe(0);
});

it('shows nothing at the other place until all of it is there', async () => {
  const disk = await withFile('frame1 frame2 ', 4);
  const readChunks = disk.readChunks.bind(disk);
  disk.readChunks = async function* (path: string) {
    for await (const chunk of readChunks(path)) {
      expect(await disk.readFile('/to')).toBeUndefined();
      yield chunk;
    }
  };
  await copyWholeFrames(disk, '/from', '/to', 14);
  expect(await disk.list('/')).toEqual(['from', 'to']);
});
