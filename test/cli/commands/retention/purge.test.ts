import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { walkFiles } from '../../../../src/archive/walk-files.ts';
import { serveWorkspace } from '../../../../src/demo/server/server.ts';
import { runJob } from '../../../../src/pipeline.ts';
import { nodeDisk } from '../../../../src/system/disk.ts';
import { inTemporaryFolder } from '../../../support/disk/temporary-folder.ts';
import { runHere } from '../../../support/program/fake-process.ts';
import { filesBelow } from '../../../support/program/program.ts';
import { here, jobFor } from '../../../support/runs/run-here.ts';
import { createSmallWorkspace, plainMessage } from '../../../support/workspaces/small-workspace.ts';

const secret = 'zanzibar';
const why = ['--reason', 'a password', '--by', 'security team'];

async function filesWith(archive: string, text: string): Promise<number> {
  let found = 0;
  for await (const { path } of walkFiles(nodeDisk, archive)) {
    const bytes = readFileSync(path);
    if ((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).includes(text)) found += 1;
  }
  return found;
}

describe('rocketchat-export purge', () => {
  it('leaves the text in no file of the archive, transcript and search included, and says what went', async () => {
    await inTemporaryFolder(async (cwd) => {
      const archive = join(cwd, 'archive');
      const served = await serveWorkspace(
        createSmallWorkspace([plainMessage(1), plainMessage(2, { msg: `${secret} is the password` })]),
      );
      try {
        await runJob(jobFor(served.url, archive, { raw: 'keep', transcript: true, report: true }), here);
      } finally {
        await served.close();
      }
      expect(await filesWith(archive, secret)).toBeGreaterThan(3);
      const args = ['purge', 'archive', '--message', 'm0000000000000002', ...why];
      const { code, stdout, stderr } = await runHere([...args, '--verbose'], { cwd });
      expect({ code, said: `${stdout}${stderr}`.includes(secret) }).toEqual({ code: 0, said: false });
      expect(stdout).toContain('archive: purge 2, 1 message gone for good\n  messages: 1 row\n');
      expect(await filesWith(archive, secret)).toBe(0);
      expect(await runHere(['verify', 'archive', '--quiet'], { cwd })).toMatchObject({ code: 0 });
      const again = await runHere(args, { cwd });
      expect(again).toMatchObject({ code: 0 });
      expect(again.stdout).toMatch(
        /^archive: purge 2 \(.+Z\) has done it, 1 message gone for good; nothing is left to do\n$/,
      );
      expect((await runHere([...args, '--message', 'm9'], { cwd })).stderr).toContain(
        'the archive has no message "m9"',
      );
      // Purge makes them again itself, without what went.
      const pages = await filesBelow(join(archive, '_view'));
      expect(pages).toEqual(expect.arrayContaining(['report.html', 'schema/views.sql', 'transcript/START-HERE.html']));
    });
  });

  it.each([
    [['--before', 'yesterday', ...why], 'Cannot use --before "yesterday"'],
    [['--user', 'ada', '--message', 'm1', ...why], 'exactly one of --message, --user and --before'],
    [why, 'exactly one of --message, --user and --before'],
    [['--user', 'ada', '--reason', ' ', '--by', 'me'], 'Cannot use an empty --reason'],
  ])('refuses %j', async (args, message) => {
    const wrong = await inTemporaryFolder((cwd) => runHere(['purge', 'archive', ...args], { cwd }));
    expect(wrong).toMatchObject({ code: 64, stdout: '' });
    expect(wrong.stderr).toContain(message);
  });
});
