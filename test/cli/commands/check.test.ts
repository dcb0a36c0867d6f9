import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { closeAfterEach } from '../../support/close-after-each.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { runHere } from '../../support/program/fake-process.ts';
import { jobText } from '../../support/program/job-text.ts';
import { loginAt } from '../../support/program/program.ts';
import { startedStores } from '../../support/storage/started-store.ts';

const storeWith = startedStores();
const onEnd = closeAfterEach();

it('check tries the buckets of push and spool as it tries the login, and writes nothing to them', () =>
  inTemporaryFolder(async (cwd) => {
    const store = await storeWith();
    const server = await serveWorkspace(createSampleWorkspace());
    onEnd(() => server.close());
    await writeFile(join(cwd, 'job.yaml'), jobText({ output: 'out', more: 'push: s3://archives/nightly\n' }));
    const env = { ...loginAt(server.url), ...store.variables };
    const whole = await runHere(['check', 'job.yaml', '--spool', 's3://archives/spool'], { cwd, env });
    expect(whole).toMatchObject({ code: 0 });
    expect(whole.stdout).toMatch(/s3:\/\/archives\/nightly: there.*\ns3:\/\/archives\/spool: there/);
    expect(store.bucket('archives').versions.size).toBe(0);
    const wrong = { ...env, AWS_SECRET_ACCESS_KEY: 'another' };
    expect(await runHere(['check', 'job.yaml'], { cwd, env: wrong })).toMatchObject({ code: 77 });
    expect(await runHere(['check', 'job.yaml', '--spool', 's3://missing/spool'], { cwd, env })).toMatchObject({
      code: 69,
    });
  }));

it('check does not say ok of an output that cannot be written: it ends with 73, as the run would', () =>
  inTemporaryFolder(async (cwd) => {
    const server = await serveWorkspace(createSampleWorkspace());
    onEnd(() => server.close());
    await writeFile(join(cwd, 'job.yaml'), jobText({ output: 'job.yaml/out' }));
    const { code, stderr, stdout } = await runHere(['check', 'job.yaml'], { cwd, env: loginAt(server.url) });
    expect({ code, stderr }).toEqual({ code: 73, stderr: expect.stringContaining('job.yaml/out": ENOTDIR') });
    expect(stdout).toContain('Rocket.Chat');
  }));
