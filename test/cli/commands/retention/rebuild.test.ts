import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { walkFiles } from '../../../../src/archive/walk-files.ts';
import { sha256 } from '../../../../src/archive/hash-file.ts';
import { serveWorkspace } from '../../../../src/demo/server/server.ts';
import type { Job } from '../../../../src/job/job.ts';
import { runJob } from '../../../../src/pipeline.ts';
import { nodeDisk } from '../../../../src/system/disk.ts';
import { inTemporaryFolder } from '../../../support/disk/temporary-folder.ts';
import { runHere } from '../../../support/program/fake-process.ts';
import { here, jobFor } from '../../../support/runs/run-here.ts';
import { createSmallWorkspace } from '../../../support/workspaces/small-workspace.ts';
import { quickOrLong } from '../../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const rebuild = ['rebuild', 'archive', '--output', 'rebuilt'];
const messages = 'messages/run-000001-0001.jsonl';

const stepFile = `
export default ({ tail }) => (message) => ({ ...message, msg: message.msg + tail });
`;

/** An archive of one run in a folder of its own, where the command runs. */
async function archived(fields: Partial<Job>, use: (cwd: string) => Promise<void>, size = 3): Promise<void> {
  await inTemporaryFolder(async (cwd) => {
    const served = await serveWorkspace(createSmallWorkspace(size));
    await writeFile(join(cwd, 'step.mjs'), stepFile);
    try {
      await runJob(jobFor(served.url, join(cwd, 'archive'), { raw: 'keep', ...fields }), here);
      await use(cwd);
    } finally {
      await served.close();
    }
  });
}

/** Nothing but what was there before is in the folder. */
async function expectNothingLeft(cwd: string): Promise<void> {
  expect((await readdir(cwd)).toSorted()).toEqual(['archive', 'step.mjs']);
}

describe('rocketchat-export rebuild', () => {
  it('says that all is equal, once, and overwrites nothing', async () => {
    await archived({}, async (cwd) => {
      const { code, stdout, stderr } = await runHere(rebuild, { cwd });
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('differs') as unknown });
      expect(stdout).toMatch(
        /^rebuilt: 1 file of 1 run made once more, .*\n1 equal byte for byte to what the runs wrote\n$/,
      );
      expect(await readFile(join(cwd, 'rebuilt', messages))).toEqual(await readFile(join(cwd, 'archive', messages)));
      const again = await runHere(rebuild, { cwd });
      expect(again).toMatchObject({ code: 64, stdout: '' });
      expect(again.stderr).toContain('it is there already, and nothing is ever overwritten');
      const inside = await runHere(['rebuild', 'archive', '--output', 'archive/rebuilt'], { cwd });
      expect(inside).toMatchObject({ code: 64, stdout: '' });
      await mkdir(join(cwd, 'other', '_manifest'), { recursive: true });
      await writeFile(join(cwd, 'other', '_manifest', 'run-000001.json'), '{}');
      const inAnother = await runHere(['rebuild', 'archive', '--output', 'other/messages'], { cwd });
      expect(inAnother).toMatchObject({
        code: 64,
        stderr: expect.stringContaining('it is in the archive "') as unknown,
      });
    });
  });

  it('makes a table without rows of a room without messages', async () => {
    const noMessage = async (cwd: string): Promise<void> => {
      const { code, stdout } = await runHere([...rebuild, '--json'], { cwd });
      expect({ code, report: JSON.parse(stdout) as unknown }).toMatchObject({
        code: 0,
        report: { files: 1, equal: 1 },
      });
    };
    await archived({}, noMessage, 0);
  });

  it('finds a table that was forged together with its manifest', async () => {
    await archived({}, async (cwd) => {
      const forged = (await readFile(join(cwd, 'archive', messages), 'utf8')).replace('message 1', 'message X');
      const path = join(cwd, 'archive/_manifest/run-000001.json');
      const manifest = await readFile(path, 'utf8');
      const before = /"path": ?"messages[^}]*"sha256": ?"(\w{64})"/.exec(manifest)?.[1] ?? '';
      const changed = manifest.replace(before, sha256(Buffer.from(forged)));
      const sums = join(cwd, 'archive/_manifest/SHA256SUMS');
      const newSums = (await readFile(sums, 'utf8'))
        .replace(before, sha256(Buffer.from(forged)))
        .replace(sha256(Buffer.from(manifest)), sha256(Buffer.from(changed)));
      await writeFile(join(cwd, 'archive', messages), forged);
      await writeFile(path, changed);
      await writeFile(sums, newSums);
      expect(await runHere(['verify', 'archive', '--quiet'], { cwd })).toMatchObject({ code: 0 });
      const { code, stdout, stderr } = await runHere(rebuild, { cwd });
      expect({ code, stdout }).toMatchObject({ code: 2, stdout: expect.stringContaining('1 difference') as unknown });
      expect(stderr).toContain(`${messages} differs (sha256)`);
    });
  });

  it('refuses a kept response with one flipped byte, and leaves nothing', async () => {
    await archived({}, async (cwd) => {
      for await (const { path } of walkFiles(nodeDisk, join(cwd, 'archive/_raw'))) {
        const bytes = await readFile(path);
        const flipped = Buffer.from(bytes);
        flipped[bytes.length >> 1] = (flipped[bytes.length >> 1] ?? 0) ^ 1;
        await writeFile(path, flipped);
        const { code, stderr } = await runHere(rebuild, { cwd });
        expect(code).toBe(2);
        expect(stderr).toContain(`Cannot rebuild from "${path}": its manifest says`);
        await expectNothingLeft(cwd);
        await writeFile(path, bytes);
      }
    });
  });

  longIt('names runs that kept nothing', async () => {
    await archived({}, async (cwd) => {
      const job = jobFor('http://127.0.0.1:1', join(cwd, 'archive'));
      const served = await serveWorkspace(createSmallWorkspace(5));
      await runJob({ ...job, server: { ...job.server, url: served.url } }, here).finally(() => served.close());
      const { code, stderr } = await runHere(rebuild, { cwd });
      expect(code).toBe(64);
      expect(stderr).toContain('1 of 2 runs kept no responses, or not with the plan by which they were loaded: 2');
      await expectNothingLeft(cwd);
    });
  });

  it('takes key and plug-ins of a run from its job, and ends with 78 where no job has them', async () => {
    const key = 'a key that nobody may know';
    const options = { tail: '!' };
    const plugin = { use: './step.mjs', cwd: '', options, writtenOptions: { tail: '${TAIL}' } };
    await inTemporaryFolder(async (cwd) => {
      const served = await serveWorkspace(createSmallWorkspace(3));
      await writeFile(join(cwd, 'step.mjs'), stepFile);
      const steps = [
        { kind: 'use', plugin: { ...plugin, cwd } },
        { kind: 'pseudonymize', key },
      ] as const;
      const job = jobFor(served.url, join(cwd, 'archive'), { raw: 'keep', transform: { tables: ['messages'], steps } });
      await runJob(job, here).finally(() => served.close());

      const without = await runHere(rebuild, { cwd });
      expect(without).toMatchObject({ code: 78, stdout: '' });
      expect(without.stderr).toContain('Cannot rebuild run 1: its step "./step.mjs" is in no job that was given');
      const file = (keyVariable: string): string =>
        [
          `server: { url: "${served.url}", userId: x, authToken: y }`,
          'extract: [{ endpoint: groups.messages, rooms: ["*"] }]',
          'sinks: [{ format: jsonl }]',
          'transform:',
          '  steps:',
          '    - use: ./step.mjs',
          '      options: { tail: "${TAIL}" }',
          `    - pseudonymize: { key: "\${${keyVariable}}" }`,
        ].join('\n');
      await writeFile(join(cwd, 'job.yaml'), file('KEY'));
      const env = { KEY: key, TAIL: '!', OTHER: 'another key than that one' };
      await writeFile(join(cwd, 'other.yaml'), file('OTHER'));
      const other = await runHere([...rebuild, '--job', 'other.yaml'], { cwd, env });
      expect(other.code).toBe(78);
      expect(other.stderr).toContain('the key of its pseudonyms, which is in no archive, is in no job that was given');
      expect(other.stderr).not.toContain(env.OTHER);
      const done = await runHere([...rebuild, '--job', 'other.yaml', '--job', 'job.yaml'], { cwd, env });
      expect(done).toMatchObject({ code: 0 });
      expect(await readFile(join(cwd, 'rebuilt', messages))).toEqual(await readFile(join(cwd, 'archive', messages)));
    });
  });
});
