import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { root } from '../generated.ts';

interface WorkflowJob {
  readonly needs?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly name?: string; readonly run?: string }[];
}

const { permissions, jobs } = parse(readFileSync(join(root, '.github/workflows/release.yml'), 'utf8')) as {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, WorkflowJob>>;
};
const scriptsOf = (job: WorkflowJob | undefined): readonly string[] => job?.steps.flatMap(({ run }) => run ?? []) ?? [];

it('the job of a release that may publish runs no package of others, and none that runs some may write anything', () => {
  expect(permissions).toEqual({});
  expect(jobs['publish']?.needs).toBe('build');
  for (const [name, job] of Object.entries(jobs)) {
    const runsPackages = scriptsOf(job).some((script) => /npm (ci|install|run|test)|\.ci\/run|\bnpx\b/.test(script));
    expect({ name, writes: Object.values(job.permissions).includes('write') }).toEqual({ name, writes: !runsPackages });
  }
});

it('the steps of a release are shell that bash takes, and call scripts that there are', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
  const all = Object.values(jobs).flatMap(scriptsOf);
  expect(all.length).toBeGreaterThan(4);
  for (const script of all) {
    expect(spawnSync('bash', ['-n', '-c', script], { encoding: 'utf8' }).stderr).toBe('');
    for (const [, name = ''] of script.matchAll(/npm run (?:--silent )?(\S+)/g)) expect(scripts).toHaveProperty([name]);
    for (const [path] of script.matchAll(/\.c(?:i|onfig)\/\S+/g))
      expect(() => readFileSync(join(root, path))).not.toThrow();
  }
});

it.each([
  ['v1.2.3', '## 1.2.3 (2026-12-01)', 0],
  ['v1.2.4', '## 1.2.4 (2026-12-01)', 1],
  ['v1.2.3', '## 1.2.2 (2026-12-01)', 1],
  ['v1.2.3', '## 1.2.3 (unreleased)', 1],
])('a tag %s is a release of version 1.2.3 with the changelog %j: exit code %i', (tag, heading, code) => {
  const script = jobs['build']?.steps.find(({ name }) => name?.startsWith('The tag'))?.run ?? '';
  const cwd = mkdtempSync(join(tmpdir(), 'release-'));
  try {
    writeFileSync(join(cwd, 'package.json'), '{ "version": "1.2.3" }');
    writeFileSync(join(cwd, 'CHANGELOG.md'), `# Changelog\n\n${heading}\n`);
    // As GitHub calls it where a step names no shell and a container has bash.
    const env = { PATH: process.env['PATH'], GITHUB_REF_NAME: tag };
    expect(spawnSync('bash', ['-e', '-c', script], { cwd, env }).status).toBe(code);
  } finally {
    rmSync(cwd, { recursive: true });
  }
});
