import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import { loadJob } from '../../../src/job/load-job.ts';
import { runJob } from '../../../src/pipeline.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { fixtureRow, publishFixture } from '../../support/archives/revised-archive.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { jobText } from '../../support/program/job-text.ts';
import { runHere } from '../../support/program/fake-process.ts';
import { here } from '../../support/runs/run-here.ts';
import { createSmallWorkspace, plainMessage, smallRoomId } from '../../support/workspaces/small-workspace.ts';

describe('rocketchat-export verify --server', () => {
  it('ends with 0 for edits and deletions since, with 1 for a room it cannot read, with 77 for a token that is revoked', async () => {
    const workspace = createSmallWorkspace(12);
    const served = await serveWorkspace(workspace);
    try {
      await inTemporaryFolder(async (cwd) => {
        const env = {
          ROCKETCHAT_URL: served.url,
          ROCKETCHAT_USER_ID: sampleLogin.userId,
          ROCKETCHAT_AUTH_TOKEN: sampleLogin.authToken,
        };
        const server =
          'server: { url: "${ROCKETCHAT_URL}", userId: "${ROCKETCHAT_USER_ID}", authToken: "${ROCKETCHAT_AUTH_TOKEN}" }';
        await writeFile(join(cwd, 'job.yaml'), jobText({ output: 'archive', more: server }));
        await runJob(await loadJob('job.yaml', env, cwd), here);
        const room = workspace.room(smallRoomId);
        room?.remove('m0000000000000002', Date.parse('2026-01-01T00:00:00.000Z'));
        room?.replace(storeMessage(plainMessage(3, { msg: 'new', _updatedAt: '2026-01-01T00:00:00.000Z' })));

        const args = ['verify', 'archive', '--server', 'job.yaml'];
        const shown = await runHere([...args, '--seed', '42'], { cwd, env });
        expect(shown).toMatchObject({ code: 0, stderr: '' });
        expect(shown.stdout).toContain('sample: 12 of 12 messages, seed 42, and the ten newest of each room\n');
        expect(shown.stdout).toContain('compared: 12; equal 10, edited since 1, deleted since 1, different 0\n');
        const { stdout } = await runHere([...args, '--sample', '1', '--json'], { cwd, env });
        expect(JSON.parse(stdout)).toMatchObject({ differences: [], server: { sampled: 1, differs: [] } });

        await cp(join(cwd, 'archive'), join(cwd, 'copy'), { recursive: true });
        const copied = await runHere(['verify', 'copy', '--server', 'job.yaml', '--sample', '1'], { cwd, env });
        expect(copied.code).toBe(0);
        expect(copied.stderr).toContain(`job.yaml fills "${join(cwd, 'archive')}"`);

        room?.memberIds.delete(sampleLogin.userId);
        const unread = await runHere(args, { cwd, env });
        expect(unread).toMatchObject({ code: 1 });
        expect(unread.stdout).toContain('not compared');
        const refused = await runHere(args, { cwd, env: { ...env, ROCKETCHAT_AUTH_TOKEN: 'revoked' } });
        expect(refused).toMatchObject({ code: 77, stdout: '' });
      });
    } finally {
      await served.close();
    }
  });

  it('refuses what cannot be meant', async () => {
    for (const args of [
      ['--sample', '5'],
      ['--server', 'job.yaml', '--sample', '0'],
      ['--server', 'j.yaml', '--seed', '-1'],
    ]) {
      const [last = ''] = args.slice(-2);
      const wrong = await inTemporaryFolder((cwd) => runHere(['verify', 'archive', ...args], { cwd }));
      expect(wrong).toMatchObject({ code: 64, stdout: '' });
      expect(last).toMatch(/^--/);
    }
  });
});

async function shard(cwd: string, name: string, index: number): Promise<void> {
  const row = fixtureRow('messages', { message_id: name, op: 'upsert', run: 1 });
  const request = { host: null, user: null, roles: null, extract: [], tables: [], shard: { index, count: 3 } };
  const sinks = [{ format: 'jsonl' } as const];
  await publishFixture(nodeDisk, join(cwd, name), [
    { tables: { messages: { first: [row] } }, sinks, says: { request } },
  ]);
}

it('latest and verify take several archives, and name the shard that is missing', () =>
  inTemporaryFolder(async (cwd) => {
    await shard(cwd, 'a', 0);
    await shard(cwd, 'b', 2);
    const rows = await runHere(['latest', 'a', 'b'], { cwd });
    expect(rows.code).toBe(0);
    expect(
      rows.stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as Record<string, unknown>)['message_id']),
    ).toEqual(['a', 'b']);
    expect(rows.stderr).toContain('shard 1 is missing');
    expect((await runHere(['latest', 'a', 'b', '--output', 'b/x.csv'], { cwd })).code).toBe(64);
    expect((await runHere(['latest', 'a', 'a'], { cwd })).code).toBe(64);

    const verified = await runHere(['verify', 'a', 'b', '--json'], { cwd });
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({
      archives: [{ archive: 'a', differences: [] }, { archive: 'b' }],
      notes: [expect.stringContaining('shard 1 is missing')],
    });
    expect((await runHere(['verify', 'a', 'b', '--expect', '0'.repeat(64)], { cwd })).code).toBe(64);
    await mkdir(join(cwd, 'open', '_work'), { recursive: true });
    await writeFile(join(cwd, 'open', '_work', 'run.json'), '{"run":1}');
    const open = await runHere(['verify', 'open', 'a'], { cwd });
    expect(open.code).toBe(64);
    expect(open.stdout).toMatch(/^a: 1 run, .*: all as the manifests say/);
    expect(open.stderr).toMatch(/Cannot verify ".*open": no run has been published yet/);
    expect((await runHere(['verify', 'open', 'nowhere', 'a'], { cwd })).stderr).toMatch(
      /open": no run [^]*there is no/,
    );
    const asJson = await runHere(['verify', 'open', 'a', '--json'], { cwd });
    expect(asJson.code).toBe(64);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ archives: [{ archive: 'a', differences: [] }], notes: [] });
    await writeFile(join(cwd, 'bad.pem'), 'no key');
    const badKey = await runHere(['verify', 'a', 'b', '--public-key', 'bad.pem'], { cwd });
    expect([badKey.code, badKey.stderr.match(/Cannot use the public key/g)]).toEqual([
      64,
      ['Cannot use the public key'],
    ]);
    await rm(join(cwd, 'b', 'messages'), { recursive: true });
    const gone = await runHere(['verify', 'open', 'b'], { cwd });
    expect(gone.code).toBe(2);
    expect(gone.stdout).toContain('These rows are what the manifests say, also of files that differ.\n');
    expect(open.stdout).not.toContain('These rows');
    expect((await runHere(['verify', 'a', 'b', '--quiet'], { cwd })).code).toBe(2);
  }));
