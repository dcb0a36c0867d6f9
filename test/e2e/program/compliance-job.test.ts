import { copyFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { runHere } from '../../support/program/fake-process.ts';
import { filesBelow, loginAt } from '../../support/program/program.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);
const job = join(import.meta.dirname, '../../../jobs/compliance.yaml');
const archive = 'output/compliance';

longIt('the shipped compliance.yaml keeps all evidence of the sample workspace, by the commands it names', async () => {
  await inTemporaryFolder(async (cwd) => {
    const served = await serveWorkspace(createSampleWorkspace());
    try {
      const env = loginAt(served.url);
      await copyFile(job, join(cwd, 'compliance.yaml'));
      const early = await runHere(['run', 'compliance.yaml'], { cwd, env });
      expect(early.code).toBe(78);
      const [, command = ''] = /rocketchat-export (keygen \S+)\./.exec(early.stderr) ?? [];
      const text = await readFile(job, 'utf8');
      expect(text).toContain(`\`rocketchat-export ${command}\``);
      expect(await runHere(command.split(' '), { cwd })).toMatchObject({ code: 0 });

      for (let run = 0; run < 2; run += 1) {
        expect(await runHere(['run', 'compliance.yaml'], { cwd, env })).toMatchObject({ code: 0 });
      }
      const files = await filesBelow(join(cwd, archive));
      for (const expected of [
        ...[/^messages\/.*jsonl$/, /^messages\/.*parquet$/, /^room_members\//, /^message_versions\//, /^files\//],
        ...[/^_files\/.+\.png$/, /^_raw\//, /^_manifest\/run-000001\.json\.sig$/],
        ...[/^_manifest\/run-000002\.json\.sshsig$/, /^_view\/transcript\/START-HERE\.html$/, /^_view\/report\.html$/],
      ]) {
        expect(files).toContainEqual(expect.stringMatching(expected));
      }
      const [, verify = ''] = /`rocketchat-export (verify [^`]+)`/.exec(text) ?? [];
      const verified = await runHere(verify.split(' '), { cwd });
      expect(verified).toMatchObject({ code: 0 });
      expect(verified.stdout).toContain('the key that was given vouches for the newest link');
      expect(await runHere(['rebuild', archive, '--output', 'rebuilt'], { cwd })).toMatchObject({ code: 0 });
      expect(
        await runHere(['verify', archive, '--server', 'compliance.yaml', '--sample', '9'], { cwd, env }),
      ).toMatchObject({ code: 0 });

      await rm(join(cwd, 'compliance.key'));
      expect(await runHere(['plan', 'compliance.yaml'], { cwd, env })).toMatchObject({ code: 78 });
    } finally {
      await served.close();
    }
  });
});
