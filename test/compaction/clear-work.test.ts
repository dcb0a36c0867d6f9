import { describe, expect, it } from '@jest/globals';
import { prepare } from '../../src/archive/publish/prepare.ts';
import { withClearWork } from '../../src/compaction/clear-work.ts';
import { replaceFile } from '../../src/system/disk.ts';
import { runPlan, sampleRun } from '../support/archives/sample-run.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';

const archive = '/archive';
const leftover = `${archive}/_work/leftover`;
const mark = `${archive}/_work/manifest.json`;
const failure = new Error('the disk is full');

async function archiveWithLeftover(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  await disk.makeFolder(`${archive}/_work`);
  await replaceFile(disk, leftover, 'of a command that was cut');
  return disk;
}

describe('the folder of work of what makes a link', () => {
  it('is empty when it begins, and is its own when it ends', async () => {
    const disk = await archiveWithLeftover();
    const made = await withClearWork(disk, archive, async () => {
      const before = await disk.list(`${archive}/_work`);
      await disk.makeFolder(`${archive}/_work`);
      return before;
    });
    expect([made, await disk.list(`${archive}/_work`)]).toEqual([undefined, []]);
  });

  it('is gone when it fails', async () => {
    const disk = await archiveWithLeftover();
    const failed = withClearWork(disk, archive, async () => {
      await disk.makeFolder(`${archive}/_work`);
      await replaceFile(disk, leftover, 'of this one');
      throw failure;
    });
    await expect(failed).rejects.toBe(failure);
    expect(await disk.list(`${archive}/_work`)).toBeUndefined();
  });

  it('stays when it fails behind the commit, which the next command finishes', async () => {
    const disk = await archiveWithLeftover();
    const failed = withClearWork(disk, archive, async () => {
      await runPlan(disk, archive, sampleRun(1));
      await prepare(disk, archive, sampleRun(1).contents, { keepRaw: true });
      throw failure;
    });
    await expect(failed).rejects.toBe(failure);
    expect(await disk.sizeBytes(mark)).toBeGreaterThan(0);
  });

  it('stays when nobody can tell whether it is committed', async () => {
    const disk = await archiveWithLeftover();
    const failed = withClearWork(disk, archive, async () => {
      await disk.makeFolder(`${archive}/_work`);
      await replaceFile(disk, mark, 'no manifest');
      throw failure;
    });
    await expect(failed).rejects.toBe(failure);
    expect(await disk.sizeBytes(mark)).toBeGreaterThan(0);
  });
});
