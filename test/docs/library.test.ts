import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { sampleLogin } from '../../src/demo/sample/sample-login.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { createSmallWorkspace, plainMessage } from '../support/workspaces/small-workspace.ts';
import { fenced, textOf } from './documents.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const root = join(import.meta.dirname, '../..');

/** Runs programs one after the other in an empty folder with jobs, against three messages. @returns what each printed */
async function runAll(
  programs: readonly string[],
  jobs: Readonly<Record<string, string>>,
  look: (folder: string, printed: readonly string[]) => Promise<void> | void,
): Promise<void> {
  const urgent = plainMessage(3, { msg: 'this is urgent' });
  const served = await serveWorkspace(createSmallWorkspace([plainMessage(1), plainMessage(2), urgent]));
  const folder = await mkdtemp(join(tmpdir(), 'library-docs-'));
  try {
    await cp(join(root, 'jobs'), join(folder, 'jobs'), { recursive: true });
    for (const [name, text] of Object.entries(jobs)) await writeFile(join(folder, 'jobs', name), text);
    await mkdir(join(folder, 'node_modules'));
    await symlink(root, join(folder, 'node_modules/rocketchat-export'), 'junction');
    const env = {
      PATH: process.env['PATH'],
      ROCKETCHAT_URL: served.url,
      ROCKETCHAT_USER_ID: sampleLogin.userId,
      ROCKETCHAT_AUTH_TOKEN: sampleLogin.authToken,
    };
    const printed: string[] = [];
    for (const [index, code] of programs.entries()) {
      const program = join(folder, `program-${index}.mjs`);
      const { outputText } = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
      await writeFile(program, outputText);
      printed.push(await outputOf(program, folder, env));
    }
    await look(folder, printed);
  } finally {
    await served.close();
    await rm(folder, { recursive: true, force: true });
  }
}

describe('README.md', () => {
  it('shows a program that runs its job', async () => {
    const [job = ''] = fenced(textOf('README.md'), 'yaml');
    const mine = job.replace("['ops-*', '!ops-noise']", "['*']");
    await runAll(fenced(textOf('README.md'), 'ts'), { 'mine.yaml': mine }, (_, printed) =>
      expect(printed).toEqual(['run 1: 0 gaps\n']),
    );
  });
});

describe('docs/library.md', () => {
  longIt('shows programs that run, one after the other, on an empty folder', () =>
    runAll(fenced(textOf('docs/library.md'), 'ts'), {}, async (folder, printed) => {
      expect(printed).toHaveLength(4);
      expect(printed[0]).toMatch(/messages: 3.*\[\]/s);
      expect(printed[1]).toMatch(
        /^\[\]\n\d+ requests, .* minutes at the rate limit\nafter run 1: 2 lists\n1 urgent messages\n$/,
      );
      expect(printed[2]).toBe('3 rows, up to run 1\nto go on from: run 1\n');
      expect((await readFile(join(folder, 'messages.singer'), 'utf8')).match(/"type":"RECORD"/g)).toHaveLength(3);
      expect(printed[3]).toMatch(/^nightly-archive: next \d{4}-\d\d-\d\dT[\d:.]+Z\n$/);
    }),
  );
});

/** What a program prints; one that stays up is told to end as soon as it has printed a line. @throws for what it says wrong */
async function outputOf(program: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], { cwd, env });
  const staysUp = (await readFile(program, 'utf8')).includes('SIGTERM');
  let [stdout, stderr] = ['', ''];
  child.stderr.on('data', (text) => (stderr += String(text)));
  child.stdout.on('data', (text) => {
    stdout += String(text);
    if (staysUp) child.kill('SIGTERM');
  });
  await once(child, 'close');
  expect({ code: child.exitCode, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}
