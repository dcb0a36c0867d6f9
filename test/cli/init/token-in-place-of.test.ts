import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tokenInPlaceOf } from '../../../src/cli/init/token-in-place-of.ts';
import { sampleUsers } from '../../../src/demo/sample/people.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import type { ServerSettings } from '../../../src/demo/server/server-settings.ts';
import { SecondFactorError } from '../../../src/errors.ts';
import { runHere } from '../../support/program/fake-process.ts';
import { answering } from '../../support/program/answering.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const { user, password, userId } = sampleLogin;
const code = '123456';
let cwd: string;
let server: ServedWorkspace | undefined;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'init-'));
});
afterEach(async () => {
  await rm(cwd, { recursive: true, force: true });
  await server?.close();
});

/** The sample workspace, its login with a second factor. */
async function serve(settings: Partial<ServerSettings> = {}): Promise<ServedWorkspace> {
  const workspace = createSampleWorkspace();
  for (const one of sampleUsers) if (one.id === userId) workspace.setUser({ ...one, totpCode: code });
  server = await serveWorkspace(workspace, settings);
  return server;
}

describe('init for a login with a second factor', () => {
  it('asks for the code, and writes a token in place of a password that would not let in again', async () => {
    const { url } = await serve();
    const { prompter, asked, left } = answering([
      ...[url, 'password', user, password, '000000', code],
      ...['archive', 'every'],
    ]);
    const { code: exitCode, stdout, stderr } = await runHere(['init'], { cwd, prompter });
    expect({ exitCode, left }).toEqual({ exitCode: 0, left: [] });
    expect(asked).toContainEqual(
      expect.stringMatching(/^said: .*the account asks for a second factor \(totp-required\)/),
    );
    expect(asked).toContainEqual(expect.stringContaining('(totp-invalid)'));
    expect(stderr).toMatch(/Made the personal access token "rocketchat-export \d{4}-.*Z"/);
    const variables = await readFile(join(cwd, 'archive.env'), 'utf8');
    expect(variables).toContain(`ROCKETCHAT_USER_ID=${userId}\nROCKETCHAT_AUTH_TOKEN=`);
    const token = /AUTH_TOKEN=(.*)\n/.exec(variables)?.[1] ?? '';
    for (const secret of [password, code, token])
      expect(stdout + stderr + variables.slice(0, 40)).not.toContain(secret);
  });

  longIt('asks by one word of 9.0 whether there is a code, and again for all when there is none', async () => {
    const { url } = await serve({ version: '9.0' });
    const { prompter, left } = answering([
      ...[url, 'password', user, 'mistyped', ''],
      ...['password', user, password, code, 'archive', 'every'],
    ]);
    expect(await runHere(['init'], { cwd, prompter })).toMatchObject({ code: 0 });
    expect(left).toEqual([]);
  });

  it('takes the code as a flag where nobody can be asked, and says what is missing without it', async () => {
    const { url } = await serve();
    const env = { ROCKETCHAT_URL: url, ROCKETCHAT_USER: user, ROCKETCHAT_PASSWORD: password };
    const argv = ['init', '--for', 'archive', '--rooms', '*'];
    expect(await runHere(argv, { cwd, env })).toMatchObject({ code: 77 });
    await expect(stat(join(cwd, 'archive.env'))).rejects.toThrow('ENOENT');
    expect(await runHere([...argv, '--code', code], { cwd, env })).toMatchObject({ code: 0 });
    expect(await readFile(join(cwd, 'archive.env'), 'utf8')).not.toContain(password);
    const token = { ROCKETCHAT_URL: url, ROCKETCHAT_USER_ID: userId, ROCKETCHAT_AUTH_TOKEN: 'any' };
    const refused = await runHere(['init', 'b.yaml', ...argv.slice(1), '--code', code], { cwd, env: token });
    expect(refused.code).toBe(64);
    expect(refused.stderr).toContain('Cannot use --code');
  });

  it('says so when the account may make no token, and writes nothing', async () => {
    const { url } = await serve({ deniedPermissions: ['create-personal-access-tokens'] });
    const env = { ROCKETCHAT_URL: url, ROCKETCHAT_USER: user, ROCKETCHAT_PASSWORD: password };
    const argv = ['init', '--for', 'archive', '--rooms', '*', '--code', code];
    const { code: exitCode, stderr } = await runHere(argv, { cwd, env });
    expect(exitCode).toBe(77);
    expect(stderr).toContain('hint: Ask an administrator for the permission "create-personal-access-tokens"');
    await expect(stat(join(cwd, 'archive.yaml'))).rejects.toThrow('ENOENT');
  });
});

describe('tokenInPlaceOf', () => {
  it('asks for another code when that of the mail is used up by the login', async () => {
    const { prompter, left } = answering(['second']);
    const codes: string[] = [];
    const createToken = (_name: string, given: string): Promise<string> => {
      codes.push(given);
      return given === 'second' ? Promise.resolve('made') : Promise.reject(new SecondFactorError(true, 'used up'));
    };
    const chat = { user: { id: userId, username: user }, createToken };
    const login = { kind: 'password', user, password, secondFactor: 'first' } as const;
    const made = await tokenInPlaceOf(login, chat, 0, prompter);
    expect(made?.login).toEqual({ kind: 'token', userId, authToken: 'made' });
    expect({ codes, left }).toEqual({ codes: ['first', 'second'], left: [] });
    await expect(tokenInPlaceOf(login, chat, 0, null)).rejects.toThrow('used up');
  });
});
