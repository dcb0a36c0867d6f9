import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { commands } from '../../src/cli/commands.ts';
import { sampleLogin } from '../../src/demo/sample/sample-login.ts';
import { createSampleWorkspace } from '../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { loadJob } from '../../src/job/load-job.ts';
import { runHere } from '../support/program/fake-process.ts';
import { loginAt } from '../support/program/program.ts';
import { documents, fenced, textOf } from './documents.ts';
import { root } from './generated.ts';

const readme = textOf('README.md');

describe('README.md', () => {
  it('begins with the two commands of a fresh clone', () => {
    expect(readme.indexOf('npm run demo')).toBeLessThan(800);
    expect(readme.indexOf('npm test')).toBeLessThan(900);
    expect(readme).toContain('npm test');
  });

  it('is short: 12 kB at most', () => expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(12_000));

  it.each(commands.map((command) => command.name))('names the command %s', (command) =>
    expect(readme).toMatch(new RegExp(`^\\| \`${command}\\b`, 'm')),
  );

  it.each(Object.keys(documents).filter((path) => path.startsWith('docs/')))('links to %s', (path) =>
    expect(readme).toContain(`](${path})`),
  );

  it('shows commands and a job that run as they are copied, against what `demo --serve` serves', async () => {
    const commands = fenced(readme, 'console')
      .flatMap((block) => block.split('\n'))
      .flatMap((line) => /^\$ rocketchat-export ((?:rooms|export|check|run)\b[^#]*)/.exec(line)?.[1] ?? [])
      .map((rest) =>
        rest
          .trim()
          .split(/\s+/)
          .map((word) => word.replaceAll("'", '')),
      );
    expect(commands.map(([name]) => name)).toEqual(['rooms', 'export', 'check', 'run']);
    const folder = await mkdtemp(join(tmpdir(), 'readme-copied-'));
    const served = await serveWorkspace(createSampleWorkspace());
    try {
      await mkdir(join(folder, 'jobs'));
      await writeFile(join(folder, 'jobs/mine.yaml'), fenced(readme, 'yaml')[0] ?? '');
      for (const words of commands) {
        const { code, stderr } = await runHere(words, { cwd: folder, env: loginAt(served.url) });
        expect({ words, code, stderr: code === 0 ? '' : stderr }).toEqual({ words, code: 0, stderr: '' });
      }
    } finally {
      await served.close();
      await rm(folder, { recursive: true });
    }
  }, 60_000);

  it('gives the command schedule files that are there and have a schedule', async () => {
    const { userId: ROCKETCHAT_USER_ID, authToken: ROCKETCHAT_AUTH_TOKEN } = sampleLogin;
    const env = { ROCKETCHAT_URL: 'http://127.0.0.1:3000', ROCKETCHAT_USER_ID, ROCKETCHAT_AUTH_TOKEN };
    const texts = [
      readme,
      textOf('docs/operations.md'),
      ...commands.flatMap(({ examples }) => examples.map(([line]) => line)),
    ];
    const files = texts.flatMap((text) => [...text.matchAll(/\bschedule (jobs\/\S+)/g)].map(([, file = '']) => file));
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files) expect(await loadJob(file, env, root)).toMatchObject({ schedule: expect.any(String) });
  });

  it('shows a job that can be loaded', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'readme-'));
    try {
      const [job] = fenced(readme, 'yaml');
      await writeFile(join(folder, 'job.yaml'), job ?? '');
      const { userId, authToken } = sampleLogin;
      const env = {
        ROCKETCHAT_URL: 'http://127.0.0.1:3000',
        ROCKETCHAT_USER_ID: userId,
        ROCKETCHAT_AUTH_TOKEN: authToken,
      };
      expect((await loadJob('job.yaml', env, folder)).output).toBe(join(folder, 'output/nightly'));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
