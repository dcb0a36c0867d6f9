import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { publishRows } from '../../support/archives/rows-archive.ts';
import { messages } from '../../support/archives/sample-rows.ts';
import { runHere } from '../../support/program/fake-process.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

async function withThreeRuns<T>(use: (cwd: string) => Promise<T>): Promise<T> {
  return inTemporaryFolder(async (cwd) => {
    for (let run = 1; run <= 3; run += 1) {
      await publishRows(join(cwd, 'archive'), [messages(run, 400)], [{ format: 'csv' }, { format: 'parquet' }]);
    }
    return use(cwd);
  });
}

describe('rocketchat-export compact', () => {
  it('says what became of what, and the second time that there is nothing to do', async () => {
    await withThreeRuns(async (cwd) => {
      const { code, stdout, stderr } = await runHere(['compact', 'archive'], { cwd });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^archive: compaction 4, 6 files became 2, \d/);
      expect(stdout).toMatch(/^messages +csv +1,200 +1,200\nmessages +parquet +1,200 +1,200$/m);
      expect(stdout).toMatch(/^manifest: archive\/_manifest\/run-000004.json$/m);
      const again = await runHere(['compact', 'archive'], { cwd });
      expect(again).toEqual({
        code: 0,
        stdout: 'archive: nothing to do, its 2 files cannot be merged further\n',
        stderr: '',
      });
      const verified = await runHere(['verify', 'archive'], { cwd });
      expect(verified.stdout).toMatch(/^archive: 4 runs, 2 files, .* as the manifests say\n/);
    });
  });

  longIt('prints one JSON line on request, whatever it did', async () => {
    await withThreeRuns(async (cwd) => {
      const { stdout } = await runHere(['compact', 'archive', '--rows-per-file', '800', '--json'], { cwd });
      expect(stdout.split('\n')).toHaveLength(2);
      expect(JSON.parse(stdout)).toMatchObject({ kind: 'compaction', run: 4, keeps: 'all', files: [{}, {}, {}, {}] });
      const again = await runHere(['compact', 'archive', '--rows-per-file', '800', '--json'], { cwd });
      expect(JSON.parse(again.stdout)).toEqual({ kind: 'nothing-to-do', files: 4, notes: [] });
    });
  });

  it('ends with 2 for a damaged file, with 75 for a run that was cut, and with 64 for what cannot be meant', async () => {
    await withThreeRuns(async (cwd) => {
      await writeFile(join(cwd, 'archive/messages/run-000002-0001.csv'), 'oops');
      const damaged = await runHere(['compact', 'archive'], { cwd });
      expect(damaged).toMatchObject({ code: 2, stdout: '' });
      expect(damaged.stderr).toMatch(
        /run-000002-0001\.csv": expected \d+ bytes, found 4 bytes\n.*hint: Nothing was changed/,
      );
    });
    for (const rows of ['0', '-1', '1e3', '100000001', 'many']) {
      const wrong = await runHere(['compact', 'archive', `--rows-per-file=${rows}`]);
      expect(wrong).toMatchObject({ code: 64, stdout: '' });
      expect(wrong.stderr).toContain(
        `Cannot use --rows-per-file "${rows}", expected a whole number from 1 to 100,000,000`,
      );
    }
    expect(await runHere(['compact', 'archive'])).toMatchObject({ code: 64, stdout: '' });
  });
});
