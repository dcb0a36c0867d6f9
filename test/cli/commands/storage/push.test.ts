import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { commands } from '../../../../src/cli/commands.ts';
import { nodeDisk } from '../../../../src/system/disk.ts';
import { publishRuns } from '../../../support/archives/sample-run.ts';
import { temporaryFolder } from '../../../support/disk/temporary-folder.ts';
import { runHere } from '../../../support/program/fake-process.ts';
import { startedStores } from '../../../support/storage/started-store.ts';

const inFolder = temporaryFolder();
const storeWith = startedStores();
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

describe('rocketchat-export push, pull and verify of s3://', () => {
  it('copies, finds nothing new, verifies and fetches', async () => {
    const store = await storeWith({ buckets: { archives: { objectLock: true } } });
    const cwd = inFolder('work');
    mkdirSync(cwd);
    await publishRuns(nodeDisk, join(cwd, 'archive'), 2);
    const run = (...argv: string[]) => runHere(argv, { cwd, env: store.variables });
    const push = ['push', 'archive', 's3://archives/nightly', '--object-lock', '90d'];
    expect(await run(...push)).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/archive: pushed 2 runs, \d+ files/),
    });
    expect(await run(...push)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('nothing new, all 2 runs are there'),
    });
    const verified = await run('verify', 's3://archives/nightly', '--json');
    expect(JSON.parse(verified.stdout)).toMatchObject({ runs: 2, differences: [] });
    expect(await run('pull', 's3://archives/nightly', '--output', 'restored')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('restored: pulled 2 runs'),
    });
    expect(await run('verify', 'restored')).toMatchObject({ code: 0 });
    const [key = ''] = [...store.bucket('archives').versions.keys()].filter((name) => name.includes('/messages/'));
    store.bucket('archives').put(key, Buffer.from('other'), {});
    expect(await run('verify', 's3://archives/nightly')).toMatchObject({ code: 2 });
  });

  it('has no flag for keys, and prints none, whatever goes wrong', async () => {
    const names = commands.flatMap(({ options, positionals }) => [
      ...Object.keys(options),
      ...Object.keys(positionals),
    ]);
    expect(names.filter((name) => /secret|access-key|password/i.test(name))).toEqual([]);
    const store = await storeWith();
    const cwd = inFolder('secrets');
    mkdirSync(cwd);
    await publishRuns(nodeDisk, join(cwd, 'archive'), 1);
    const wrong = 'wrong+secret/of=40+characters';
    for (const [argv, env, code] of [
      [['push', 'archive', `s3://AK:${secret}@archives/nightly`], store.variables, 64],
      [['push', 'archive', 's3://archives/nightly'], {}, 64],
      [['verify', 's3://archives/nightly'], {}, 64],
      [['pull', `s3://archives/nightly?secret=${secret}`, '--output', 'x'], store.variables, 64],
      [['push', 'archive', 's3://archives/nightly'], { ...store.variables, AWS_SECRET_ACCESS_KEY: wrong }, 77],
      [['push', 'archive', 's3://archives/nightly', '--verbose'], { ...store.variables, AWS_SESSION_TOKEN: wrong }, 77],
      [['push', 'archive', 's3://nowhere/nightly'], store.variables, 69],
      [['push', 'archive', 's3://archives/nightly', '--object-lock', '7y'], store.variables, 73],
      [['push', 'archive', 's3://archives/nightly', '--object-lock', '7 years'], store.variables, 64],
      [['verify', 's3://archives/nightly', '--server', 'job.yaml'], store.variables, 64],
    ] as const) {
      const ended = await runHere(argv, { cwd, env });
      expect({ argv, code: ended.code, stderr: ended.stderr }).toEqual({ argv, code, stderr: expect.any(String) });
      const text = ended.stdout + ended.stderr;
      expect([secret, wrong].filter((it) => text.includes(it))).toEqual([]);
      if (code === 64 && env !== store.variables) expect(text).toContain('AWS_SECRET_ACCESS_KEY');
    }
  });

  it('takes keys from a profile', async () => {
    const store = await storeWith();
    const cwd = inFolder('profile');
    mkdirSync(join(cwd, '.aws'), { recursive: true });
    await publishRuns(nodeDisk, join(cwd, 'archive'), 1);
    const { AWS_ACCESS_KEY_ID: id = '', AWS_REGION: region = '', AWS_ENDPOINT_URL: url = '' } = store.variables;
    writeFileSync(join(cwd, '.aws/credentials'), `[cold]\naws_access_key_id=${id}\naws_secret_access_key=${secret}\n`);
    writeFileSync(join(cwd, '.aws/config'), `[profile cold]\nregion=${region}\nendpoint_url=${url}\n`);
    const argv = ['push', 'archive', 's3://archives/nightly'];
    expect(await runHere(argv, { cwd, env: { HOME: cwd, AWS_PROFILE: 'cold' } })).toMatchObject({ code: 0 });
    expect(await runHere(argv, { cwd, env: { HOME: cwd } })).toMatchObject({ code: 64 });
  });
});
