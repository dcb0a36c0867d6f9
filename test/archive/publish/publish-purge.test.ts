import { expect, it } from '@jest/globals';
import { publishPurge } from '../../../src/archive/publish/publish-purge.ts';
import { replaceFile } from '../../../src/system/disk.ts';
import { openCompaction } from '../../support/archives/sample-compaction.ts';
import { publishRuns } from '../../support/archives/sample-run.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';

const archive = '/archive';

it('takes away what it replaces, the folder of each file of a message, and all that was made of the archive', async () => {
  const disk = new MemoryDisk();
  await publishRuns(disk, archive, 2, false);
  for (const folder of ['_files/one', '_files/two', '_view/current', '_raw/run-000001']) {
    await disk.makeFolder(`${archive}/${folder}`);
    await replaceFile(disk, `${archive}/${folder}/one.pages`, 'x');
  }
  const { replaces: replacedFiles, ...contents } = await openCompaction(disk, archive);
  const removed = ['_files/one/one.pages', '_raw/run-000001/one.pages'].map((path) => ({
    ...{ path, sizeBytes: 1, sha256: '0'.repeat(64) },
  }));
  const manifest = await publishPurge(disk, archive, {
    ...{ ...contents, replacedFiles, removed, raw: [] },
    ...{ reason: 'asked for', by: 'somebody', rules: [], messages: 0 },
  });
  expect(manifest).toMatchObject({ kind: 'purge', run: 3 });
  expect(await disk.list(archive)).not.toContain('_view');
  expect(await disk.list(`${archive}/_files`)).toEqual(['two']);
  // Only those have folders of their own.
  expect(await disk.list(`${archive}/_raw/run-000001`)).toEqual([]);
  expect(await disk.list(`${archive}/messages`)).toEqual(['run-000003-0001.csv', 'run-000003-0001.parquet']);
});
