import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { sampleLogin } from '../../../../src/demo/sample/sample-login.ts';
import { createSampleWorkspace } from '../../../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace, type ServedWorkspace } from '../../../../src/demo/server/server.ts';
import { loadJob } from '../../../../src/job/load-job.ts';
import { answering } from '../../../support/program/answering.ts';
import { runHere } from '../../../support/program/fake-process.ts';

let server: ServedWorkspace;
let cwd: string;
beforeAll(async () => {
  server = await serveWorkspace(createSampleWorkspace());
});
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'init-'));
  return () => rm(cwd, { recursive: true, force: true });
});
afterAll(() => server.close());

const { userId, authToken } = sampleLogin;
const login = (): Record<string, string> => ({
  ...{ ROCKETCHAT_URL: server.url, ROCKETCHAT_USER_ID: userId, ROCKETCHAT_AUTH_TOKEN: authToken },
});

describe('init', () => {
  it('asks for all, has a wrong token typed again, and writes a job that its check accepts', async () => {
    const { prompter, asked, left } = answering([
      ...[server.url, 'token', userId, 'wrong', 'token', userId, authToken],
      ...['compliance', 'chosen', ['ops-oncall', 'general']],
    ]);
    const { code, stdout } = await runHere(['init'], { cwd, prompter });
    expect(left).toEqual([]);
    expect(code).toBe(0);
    expect(asked).toContainEqual(expect.stringMatching(/^said: .* 401 .*\nCheck the user id and the token/));
    expect(asked).toContainEqual(expect.stringContaining('tick "Ignore Two Factor Authentication"'));
    expect(stdout).toContain(
      'wrote compliance.yaml and, readable by you only, compliance.env, compliance.key, compliance.key.pub.pem, compliance.key.allowed_signers\n',
    );
    expect(stdout).toContain('give compliance.key.pub.pem to those who are to check the archive\n');
    expect(stdout).toMatch(
      /next: set -a && \. \.\/compliance\.env && set \+a && rocketchat-export run compliance\.yaml\n$/,
    );
    expect(stdout).not.toContain(authToken);

    const text = await readFile(join(cwd, 'compliance.yaml'), 'utf8');
    expect(text).toContain('# Evidence: everything the server said is kept verbatim');
    expect(text).not.toContain('jobs/compliance.yaml');
    expect(parse(text)).toMatchObject({ extract: [{ rooms: ['ops-oncall', 'general'] }], output: 'output/compliance' });
    const key = await readFile(join(cwd, 'compliance.key'), 'utf8');
    expect((await loadJob('compliance.yaml', login(), cwd)).sign).toEqual({ key: key.trimEnd() });
    expect(stdout).not.toContain(key.split('\n')[1]);
    const variables = await readFile(join(cwd, 'compliance.env'), 'utf8');
    expect(variables).toBe(
      `ROCKETCHAT_URL=${server.url}\nROCKETCHAT_USER_ID=${userId}\nROCKETCHAT_AUTH_TOKEN=${authToken}\n`,
    );
    expect((await stat(join(cwd, 'compliance.env'))).mode & 0o777).toBe(0o600);
  });

  it.each(['archive', 'compliance', 'analytics'])(
    'writes the job for %s without a question, for scripts',
    async (purpose) => {
      const argv = [
        'init',
        'sub/job.yaml',
        '--for',
        purpose,
        '--rooms',
        'ops-*',
        '--output',
        'kept',
        '--env-file',
        'login',
      ];
      const { code, stderr } = await runHere(argv, { cwd, env: login() });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const job = await loadJob('sub/job.yaml', login(), cwd);
      expect(job.output).toBe(join(cwd, 'kept'));
      expect(job.extract.map(({ rooms }) => rooms)).toEqual(job.extract.map(() => ['ops-*']));
    },
  );

  it('takes an address that was pasted whole behind the https:// that stands there', async () => {
    const { prompter, left } = answering([`https://${server.url}`, 'token', userId, authToken, 'archive', 'every']);
    expect(await runHere(['init'], { cwd, prompter })).toMatchObject({ code: 0 });
    expect(left).toEqual([]);
    expect(await readFile(join(cwd, 'archive.env'), 'utf8')).toContain(`ROCKETCHAT_URL=${server.url}\n`);
  });

  it('says the next command as it was called, by npx where nothing on the PATH has its name', async () => {
    const argv = ['init', '--for', 'archive', '--rooms', 'ops-*'];
    const { stdout } = await runHere(argv, { cwd, env: { ...login(), npm_command: 'exec' } });
    expect(stdout).toContain('set +a && npx rocketchat-export run archive.yaml\n');
    const run = await runHere(['run', 'archive.yaml'], { cwd, env: { ...login(), npm_command: 'exec' } });
    expect(run.stdout).toContain('next: npx rocketchat-export verify output/archive\n');
  });

  it('names what is missing where nobody can be asked', async () => {
    const { code, stderr } = await runHere(['init'], { cwd, env: login() });
    expect(code).toBe(64);
    expect(stderr).toBe('error: Missing --for and --rooms\nhint: Without a terminal nothing can be asked\n');
  });

  it('does not ask again for a login that comes from variables, and writes nothing', async () => {
    const { prompter, asked } = answering([]);
    const { code } = await runHere(['init'], { cwd, prompter, env: { ...login(), ROCKETCHAT_AUTH_TOKEN: 'wrong' } });
    expect(code).toBe(77);
    expect(asked).toEqual([]);
    await expect(stat(join(cwd, 'archive.env'))).rejects.toThrow('ENOENT');
  });

  it('overwrites neither of its files, and leaves none alone', async () => {
    await writeFile(join(cwd, 'archive.yaml'), 'mine');
    const { code, stderr } = await runHere(['init', '--for', 'archive', '--rooms', '*'], { cwd, env: login() });
    expect(code).toBe(64);
    expect(stderr).toContain('Cannot write "archive.yaml": there is such a file');
    await expect(stat(join(cwd, 'archive.env'))).rejects.toThrow('ENOENT');
    expect(await readFile(join(cwd, 'archive.yaml'), 'utf8')).toBe('mine');
  });

  it('overwrites no key, and leaves none where the check fails', async () => {
    await writeFile(join(cwd, 'mine.key.pub.pem'), 'mine');
    const argv = ['init', 'mine.yaml', '--for', 'compliance', '--rooms'];
    const taken = await runHere([...argv, '*'], { cwd, env: login() });
    expect(taken).toMatchObject({ code: 64 });
    expect(taken.stderr).toContain('Cannot write "mine.key.pub.pem": there is such a file');
    await rm(join(cwd, 'mine.key.pub.pem'));
    expect(await runHere([...argv, 'no-such-room'], { cwd, env: login() })).toMatchObject({ code: 78 });
    expect(await readdir(cwd)).toEqual([]);
  });

  it.each([
    ['y2.txt', 'y2.yaml'],
    ['mine', 'mine.yaml'],
    ['sub/', 'sub.yaml'],
    ['.yaml', '.yaml.yaml'],
  ])('refuses to call a job %s before it asks anything', async (name, instead) => {
    const { prompter, asked } = answering([]);
    const { code, stderr } = await runHere(['init', name], { cwd, prompter });
    expect({ code, asked, files: await readdir(cwd) }).toEqual({ code: 64, asked: [], files: [] });
    expect(stderr).toBe(
      `error: Cannot write the job "${name}": expected a name that ends in .yaml\nhint: For example ${instead}\n`,
    );
  });

  it('says that the file it is to write is there before it asks anything', async () => {
    await writeFile(join(cwd, 'mine.yaml'), 'mine');
    const { prompter, asked } = answering([]);
    const { code, stderr } = await runHere(['init', 'mine.yaml'], { cwd, prompter });
    expect({ code, asked }).toEqual({ code: 64, asked: [] });
    expect(stderr).toContain('Cannot write "mine.yaml": there is such a file');
  });

  it.each([
    [['--url', 'intern'], {}, '--url'],
    [[], { ROCKETCHAT_URL: 'intern' }, 'variable ROCKETCHAT_URL'],
  ])('blames an address that is none, and not the login', async (flags, variables, what) => {
    const env = { ...login(), ...variables };
    const { code, stderr } = await runHere(['init', '--for', 'archive', '--rooms', '*', ...flags], { cwd, env });
    expect(code).toBe(64);
    expect(stderr).toBe(
      `error: Cannot connect: 1 problem\n  ${what}: expected an address that begins with https:// or http://\nhint: Write it as people open the workspace, for example https://chat.example.org\n`,
    );
  });

  it('gives two jobs of one purpose names and outputs of their own, those of their files', async () => {
    for (const file of ['ops.yaml', 'o2.yml']) {
      expect(await runHere(['init', file, '--for', 'archive', '--rooms', '*'], { cwd, env: login() })).toMatchObject({
        code: 0,
      });
    }
    const jobs = await Promise.all(['ops.yaml', 'o2.yml'].map((file) => loadJob(file, login(), cwd)));
    expect(jobs.map(({ name, output }) => [name, output])).toEqual([
      ['ops', join(cwd, 'output/ops')],
      ['o2', join(cwd, 'output/o2')],
    ]);
  });

  it('does not take the archive of a job of the same name in another folder unless it is named', async () => {
    await mkdir(join(cwd, 'output/ops/_manifest'), { recursive: true });
    const argv = ['init', 'new/ops.yaml', '--for', 'archive', '--rooms', '*'];
    const { code, stderr } = await runHere(argv, { cwd, env: login() });
    expect(code).toBe(64);
    expect(stderr).toBe(
      'error: Cannot use "output/ops" as the output: there is something already\nhint: Name another folder, or this one, with --output\n',
    );
    expect(await runHere([...argv, '--output', 'output/ops'], { cwd, env: login() })).toMatchObject({ code: 0 });
  });

  it('leaves neither file, nor a token, where the check fails, so that the corrected command works', async () => {
    const argv = ['init', 'sub/q1.yaml', '--for', 'archive', '--rooms'];
    const wrong = await runHere([...argv, 'nope'], { cwd, env: login() });
    expect(wrong.code).toBe(78);
    expect(wrong.stderr).toContain('"nope"');
    expect(await readdir(cwd)).toEqual([]);
    expect(await runHere([...argv, 'general'], { cwd, env: login() })).toMatchObject({ code: 0 });
  });

  it('writes a password that a shell would take apart in quotes', async () => {
    const { envText } = await import('../../../../src/cli/init/env-text.ts');
    expect(envText({ ROCKETCHAT_USER: 'ines', ROCKETCHAT_PASSWORD: "it's $HOME" })).toBe(
      "ROCKETCHAT_USER=ines\nROCKETCHAT_PASSWORD='it'\\''s $HOME'\n",
    );
  });
});
