import { expect, it } from '@jest/globals';
import { expectArchive } from '../../src/archive/expect-archive.ts';
import { publishRuns } from '../support/archives/sample-run.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';
import { failure } from '../support/failure.ts';

it('names the archives in a folder that is none, as in the one that holds those of all jobs', async () => {
  const disk = new MemoryDisk();
  await publishRuns(disk, '/output/nightly', 1);
  await disk.makeFolder('/output/notes');
  await expectArchive(disk, '/output/nightly', 'read');
  expect(await failure(expectArchive(disk, '/output', 'read'))).toMatchObject({
    message: 'Cannot read "/output": there is no archive',
    hint: 'Name one of the archives in it: "/output/nightly"',
  });
  expect(await failure(expectArchive(disk, '/output/notes', 'read'))).toMatchObject({
    hint: 'Name the folder that a job writes to, its `output`',
  });
});

it('names the archive of a folder that lies in one', async () => {
  const disk = new MemoryDisk();
  await publishRuns(disk, '/output/nightly', 1);
  expect(await failure(expectArchive(disk, '/output/nightly/messages', 'verify'))).toMatchObject({
    message: 'Cannot verify "/output/nightly/messages": there is no archive',
    hint: 'Name the archive that it lies in: "/output/nightly"',
  });
});
