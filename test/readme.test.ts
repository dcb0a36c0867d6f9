import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import prettier from 'prettier';
import { verbs } from '../src/cli/verbs.ts';
import { createSampleWorkspace } from '../src/demo/sample-workspace.ts';
import { sampleLogin } from '../src/demo/sample-login.ts';
import { serveWorkspace } from '../src/demo/server.ts';
import { exitCodes } from '../src/errors.ts';
import { loadJob } from '../src/job/load-job.ts';
import { runJob } from '../src/pipeline.ts';
import { here, jobFor } from './e2e/run-here.ts';
import { DuckDbReader } from './sinks/duckdb-reader.ts';
import { readmeColumns } from './support/readme-columns.ts';

const root = join(import.meta.dirname, '..');
const path = join(root, 'README.md');
const readme = await readFile(path, 'utf8');

function fenced(language: string): string[] {
  return [...readme.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map((match) => match[1] ?? '');
}

describe('README', () => {
  it('begins with the two commands of a fresh clone', () => {
    expect(readme.indexOf('npm run demo')).toBeLessThan(800);
    expect(readme.indexOf('npm test')).toBeLessThan(900);
  });

  // UPDATE_README=1 npm test -- test/readme writes them.
  it('shows every column of every table as it is', async () => {
    const marked = /(<!-- columns: .*? -->\n)(.*?)(<!-- \/columns -->)/s;
    const made = readme.replace(
      marked,
      (_, open: string, __, close: string) => `${open}\n${readmeColumns()}\n${close}`,
    );
    const formatted = await prettier.format(made, { ...(await prettier.resolveConfig(path)), filepath: path });
    if (process.env['UPDATE_README'] === '1') await writeFile(path, formatted);
    expect(await readFile(path, 'utf8')).toBe(formatted);
  });

  it.each(verbs.map((verb) => verb.name))('names the command %s', (verb) =>
    expect(readme).toMatch(new RegExp(`^\\| \`${verb}\\b`, 'm')),
  );

  it('names every exit code', () => {
    const table = readme.slice(readme.indexOf('| exit code'), readme.indexOf('| variable'));
    const named = [...table.matchAll(/^\| ([\d, ]+?) +\|/gm)].flatMap((match) =>
      (match[1] ?? '').split(', ').map(Number),
    );
    expect(named).toEqual(Object.values(exitCodes));
  });

  it('shows a job that can be run', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'readme-'));
    try {
      const [job] = fenced('yaml');
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

describe('queries of the README', () => {
  let folder = '';
  let duckDb: DuckDbReader;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'readme-'));
    const server = await serveWorkspace(createSampleWorkspace());
    const tables = { tables: ['messages', 'mentions'] } as const;
    await runJob(
      jobFor(server.url, join(folder, 'output/demo'), { transform: tables, sinks: [{ format: 'parquet' }] }),
      here,
    );
    await server.close();
    duckDb = await DuckDbReader.open();
  });

  afterAll(async () => {
    duckDb.close();
    await rm(folder, { recursive: true });
  });

  const queries = [
    ...fenced('sql').flatMap((block) => block.split(';').filter((query) => query.trim() !== '')),
    ...[...readme.matchAll(/duckdb -c "(.*?)"/g)].map((match) => match[1] ?? ''),
  ];

  it.each(queries)('finds rows, or makes a view for the next: %s', async (query) => {
    const rows = await duckDb.query(query.replaceAll("'output/", `'${folder}/output/`));
    if (!/^CREATE VIEW/m.test(query)) expect(rows.length).toBeGreaterThan(0);
  });
});
