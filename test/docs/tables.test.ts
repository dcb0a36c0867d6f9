import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSampleWorkspace } from '../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import type { Job } from '../../src/job/job.ts';
import { runJob } from '../../src/pipeline.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import { DuckDbReader } from '../support/sinks/duckdb-reader.ts';
import { columnTables } from './column-tables.ts';
import { documents, fenced } from './documents.ts';
import { expectGenerated } from './generated.ts';

it('docs/tables.md has every column of every table as it is', () =>
  expectGenerated('docs/tables.md', 'columns', columnTables()));

describe('queries of the documents', () => {
  let folder = '';
  let duckDb: DuckDbReader;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'documents-'));
    const server = await serveWorkspace(createSampleWorkspace());
    const transform = {
      tables: ['messages', 'mentions', 'reactions', 'attachments', 'links', 'users', 'room_members'],
    } as const;
    for (const [output, partition, rooms] of [
      ['output/demo', 'none', ['*']],
      ['output/nightly', 'month', ['project-lantern']],
    ] as const) {
      const extract = [{ endpoint: 'groups.messages', rooms }] as const;
      const fields: Partial<Job> = { extract, transform, sinks: [{ format: 'parquet' }], partition };
      const job = jobFor(server.url, join(folder, output), fields);
      await runJob(job, here);
    }
    await server.close();
    duckDb = await DuckDbReader.open();
    await duckDb.query(`SET file_search_path = '${join(folder, 'output/demo')}'`);
    await duckDb.query(await readFile(join(folder, 'output/demo/_view/schema/views.sql'), 'utf8'));
  });

  afterAll(async () => {
    duckDb.close();
    await rm(folder, { recursive: true });
  });

  // Those of databases are asked where they are loaded: test/services and test/database.
  const elsewhere = ['docs/databases.md'];
  const shown = Object.entries(documents).filter(([path]) => !elsewhere.includes(path));
  const queries = shown.flatMap(([path, text]) =>
    [
      ...fenced(text, 'sql').flatMap((block) => block.split(';').filter((query) => query.trim() !== '')),
      ...[...text.matchAll(/duckdb -init \S+ -c \\\n> +"(.*?)"/g)].map((match) => match[1] ?? ''),
    ].map((query) => ({ path, query })),
  );

  it('are there to be tried', () => {
    const paths = new Set(queries.map(({ path }) => path));
    expect([...paths]).toEqual(
      expect.arrayContaining(['README.md', 'docs/job-file.md', 'docs/tables.md', 'docs/analytics.md']),
    );
  });

  it.each(queries)('finds rows, or makes a view for the next: $path: $query', async ({ query }) => {
    const rows = await duckDb.query(
      query.replace('CREATE VIEW', 'CREATE OR REPLACE VIEW').replaceAll("'output/", `'${folder}/output/`),
    );
    if (!query.includes('CREATE VIEW')) expect(rows.length).toBeGreaterThan(0);
  });

  it('README.md shows the rows that its query finds', async () => {
    const [, query = '', shown = ''] =
      /duckdb -init \S+ -c \\\n> +"(.*?)"\n(.*?)```/s.exec(documents['README.md'] ?? '') ?? [];
    const rows = await duckDb.query(query.replaceAll("'output/", `'${folder}/output/`));
    const words = (line: string): string[] => line.split(/ +/);
    expect(rows.map((row) => Object.values(row).map(String))).toEqual(shown.trim().split('\n').map(words));
  });
});
