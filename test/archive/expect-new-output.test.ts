import { describe, expect, it } from '@jest/globals';
import { expectNewOutput } from '../../src/archive/expect-new-output.ts';
import { publishRuns } from '../support/archives/sample-run.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';
import { failure } from '../support/failure.ts';

async function someDisk(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  await publishRuns(disk, '/output/nightly', 1);
  await disk.makeFolder('/notes');
  await (await disk.open('/notes/march.txt', 'truncate')).close();
  return disk;
}

describe('expectNewOutput', () => {
  it('takes a place that is not there yet, however deep below a folder', async () => {
    const disk = await someDisk();
    await expectNewOutput(disk, '/output/nightly', '/output/pages');
    await expectNewOutput(disk, '/output/nightly', '/notes/april/pages/all');
  });

  it.each([
    ['is there', '/notes/march.txt', /^Cannot write "\/notes\/march.txt": it is there already/],
    ['is in the archive', '/output/nightly/pages', /it is in the archive "\/output\/nightly"/],
    ['is below a file', '/notes/march.txt/pages', /^Cannot write ".*\/pages": "\/notes\/march.txt" is a file$/],
    [
      'is deep below a file',
      '/notes/march.txt/a/b/pages',
      /^Cannot write ".*\/pages": "\/notes\/march.txt" is a file$/,
    ],
  ])('refuses what %s', async (_, output, message) => {
    const refused = await failure(expectNewOutput(await someDisk(), '/output/nightly', output));
    expect(refused).toMatchObject({ name: 'UsageError', message: expect.stringMatching(message) as unknown });
  });

  it('speaks of a wrong archive before the output (regression: the hint led to the second error)', async () => {
    const refused = await failure(expectNewOutput(await someDisk(), '/output', '/notes/march.txt'));
    expect(refused).toMatchObject({ message: 'Cannot read "/output": there is no archive' });
  });
});
