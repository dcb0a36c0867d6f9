import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { publish } from '../../src/archive/publish/publish.ts';
import { readArchiveHistory } from '../../src/snapshot/archive-history.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { publishCompacted } from '../support/archives/sample-compaction.ts';
import { runPlan, sampleRun } from '../support/archives/sample-run.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';

describe('readHistory', () => {
  it('gives the files that no compaction has replaced', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishCompacted(archive);
      await runPlan(nodeDisk, archive, sampleRun(6));
      const { contents } = sampleRun(6);
      const next = { ...contents, run: 5, files: [], tables: {}, state: { ...contents.state, run: 5 } };
      await publish(nodeDisk, archive, next, { keepRaw: false });
      expect((await readArchiveHistory(nodeDisk, archive)).files.map(({ path, rows }) => [path, rows])).toEqual([
        ['mentions/month=2024-01/run-000004-0001.csv', 6],
        ['mentions/month=2024-01/run-000004-0001.parquet', 6],
        ['messages/run-000004-0001.csv', 6],
        ['messages/run-000004-0001.parquet', 6],
      ]);
    });
  });

  it('needs a whole chain', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishCompacted(archive);
      const path = join(archive, '_manifest/run-000002.json');
      const bytes = await readFile(path);
      await writeFile(path, bytes.toString().replace('archivist', 'somebody'));
      await expect(readArchiveHistory(nodeDisk, archive)).rejects.toThrow(
        /run-000002.json": its SHA-256 is .*, and the next one says/,
      );
      await rm(path);
      await expect(readArchiveHistory(nodeDisk, archive)).rejects.toThrow(/run-000002.json": there is no such file/);
    });
  });
});
