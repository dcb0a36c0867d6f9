import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runHere } from '../../support/program/fake-process.ts';

/** Real shells are asked what they offer: `.ci/run` installs zsh and fish. */
const run = promisify(execFile);
let folder: string;
const script = (shell: string): string => join(folder, `completion.${shell}`);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'completion-'));
  for (const shell of ['bash', 'zsh', 'fish']) {
    await writeFile(script(shell), (await runHere(['completion', shell])).stdout);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the shell offers for the last of these words. */
const offers: Readonly<Record<string, (words: readonly string[]) => Promise<readonly string[]>>> = {
  bash: async (words) => {
    const list = words.map((word) => `'${word}'`).join(' ');
    const asked = `source ${script('bash')}; COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _rocketchat_export; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return linesOf((await run('bash', ['--norc', '-c', asked])).stdout);
  },
  zsh: async (words) => {
    // What the functions of its completion would be handed, printed.
    const stubs =
      'compdef() { :; }; compadd() { shift; print -l -- "$@"; }; _files() { print files; }; _describe() { print -l -- "${(@P)2}"; }';
    const list = words.map((word) => `'${word}'`).join(' ');
    const asked = `${stubs}; source ${script('zsh')}; words=(${list}); CURRENT=${words.length}; _rocketchat_export`;
    const { stdout } = await run('zsh', ['-f', '-c', asked]);
    return linesOf(stdout)
      .map((line) => line.replace(/:.*/, ''))
      .filter((word) => word.startsWith(words.at(-1) ?? ''));
  },
  fish: async (words) => {
    const asked = `source ${script('fish')}; complete -C '${words.join(' ')}'`;
    const { stdout } = await run('fish', ['--no-config', '-c', asked], { cwd: folder });
    return linesOf(stdout).map((line) => line.replace(/\t.*/, ''));
  },
};

function linesOf(stdout: string): readonly string[] {
  return stdout.split('\n').filter((line) => line !== '');
}

describe.each(['bash', 'zsh', 'fish'])('the completion of %s', (shell) => {
  const offered = (...words: readonly string[]): Promise<readonly string[]> =>
    offers[shell]?.(['rocketchat-export', ...words]) ?? Promise.resolve([]);

  it('offers commands first', async () => {
    expect(await offered('tr')).toEqual(['transcript']);
    expect(await offered('')).toEqual(expect.arrayContaining(['demo', 'run', 'export', 'completion']));
  });

  it('offers the options of the command, wherever they stand', async () => {
    expect(await offered('run', 'jobs/a.yaml', '--every')).toEqual(['--every-room']);
    expect(await offered('init', '--ro')).toEqual(['--rooms']);
    expect(await offered('verify', '--ro')).toEqual([]);
  });

  it('offers what an option takes', async () => {
    const taken = await offered('init', '--for', '');
    expect([...taken].sort()).toEqual(['analytics', 'archive', 'compliance']);
  });
});
