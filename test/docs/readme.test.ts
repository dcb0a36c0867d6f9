import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { verbs } from '../../src/cli/verbs.ts';
import { sampleLogin } from '../../src/demo/sample-login.ts';
import { loadJob } from '../../src/job/load-job.ts';
import { documents, fenced, textOf } from './documents.ts';

const readme = textOf('README.md');

describe('README.md', () => {
  it('begins with the two commands of a fresh clone', () => {
    expect(readme.indexOf('npm run demo')).toBeLessThan(800);
    expect(readme.indexOf('npm test')).toBeLessThan(900);
    expect(readme).toContain('npm test');
  });

  it('is short: 12 kB at most', () => expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(12_000));

  it.each(verbs.map((verb) => verb.name))('names the command %s', (verb) =>
    expect(readme).toMatch(new RegExp(`^\\| \`${verb}\\b`, 'm')),
  );

  it.each(Object.keys(documents).filter((path) => path.startsWith('docs/')))('links to %s', (path) =>
    expect(readme).toContain(`](${path})`),
  );

  it('shows a job that can be run', async () => {
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
