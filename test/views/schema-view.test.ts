import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { compactArchive } from '../../src/compaction/compact-archive.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { writeViews } from '../../src/views/write-views.ts';
import { editedRuns } from '../support/archives/edited-tables.ts';
import { publishFixture, type FixtureRun } from '../support/archives/revised-archive.ts';
import { runHere } from '../support/program/fake-process.ts';
import { loginAt } from '../support/program/program.ts';
import { DuckDbReader } from '../support/sinks/duckdb-reader.ts';
import { expectSameRows } from '../support/sinks/same-rows.ts';
import { createSmallWorkspace } from '../support/workspaces/small-workspace.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

let folder: string;
let duckDb: DuckDbReader;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schema-view-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function writeHere(archive: string): Promise<void> {
  await writeViews(nodeDisk, join(folder, archive), (view, error) => {
    throw new Error(view, { cause: error });
  });
}

async function archiveOf(name: string, runs: readonly FixtureRun[]): Promise<string> {
  await publishFixture(nodeDisk, join(folder, name), runs);
  await writeHere(name);
  return name;
}

/** Fails unless views.sql, as DuckDB reads it in the archive, shows what `latest` writes. */
async function expectLatest(archive: string, atLeast = 6): Promise<void> {
  duckDb = await DuckDbReader.open();
  try {
    await duckDb.query(`SET file_search_path = '${folder}/${archive}'`);
    await duckDb.query(await readFile(join(folder, archive, '_view/schema/views.sql'), 'utf8'));
    for (const table of ['messages', 'mentions']) {
      const output = join(folder, `${archive}-${table}-${Math.random()}.parquet`);
      expect(await runHere(['latest', archive, '--table', table, '--output', output], { cwd: folder })).toMatchObject({
        code: 0,
      });
      await expectSameRows(duckDb, `FROM latest_${table}`, `FROM '${output}'`, atLeast);
    }
  } finally {
    duckDb.close();
  }
}

const withSinks = (sinks: FixtureRun['sinks']): readonly FixtureRun[] =>
  editedRuns.map((run) => ({ ...run, ...(sinks && { sinks }) }));

const layouts: readonly (readonly [string, readonly FixtureRun[]])[] = [
  ['parquet', withSinks([{ format: 'parquet' }, { format: 'csv' }])],
  [
    'columns-come-and-go',
    withSinks([{ format: 'csv' }]).map((run, at) => ({
      ...run,
      without: at % 2 === 0 ? ['urls'] : ['links', 'msg'],
    })),
  ],
  [
    'no-format-is-whole',
    editedRuns.map((run, at) => ({
      ...run,
      sinks: [at < 2 ? { format: 'jsonl' as const } : { format: 'parquet' as const }],
    })),
  ],
  ['folders', withSinks([{ format: 'parquet' }]).map((run) => ({ ...run, byRoom: true }))],
  ['jsonl', withSinks([{ format: 'jsonl', compression: 'gzip' }])],
  ['csv', withSinks([{ format: 'csv' }])],
  ['excel', withSinks([{ format: 'csv', delimiter: ';', bom: true }])],
];

describe('views.sql in an archive', () => {
  // Of whole files, Parquet and CSV, the same statements are in test/schemas/duckdb.test.ts.
  it.each(layouts.slice(quickOrLong(1, 0), quickOrLong(2, layouts.length)))(
    'shows the rows of `latest`: %s',
    async (name, runs) => {
      await archiveOf(name, runs);
      await expectLatest(name);
      expect(await verifyArchive(join(folder, name))).toMatchObject({ differences: [], skipped: ['_view'] });
    },
  );

  longIt('shows them after a compaction, too, which writes it anew', async () => {
    const name = await archiveOf('compacted', withSinks([{ format: 'csv' }]));
    const before = await readFile(join(folder, name, '_view/schema/views.sql'), 'utf8');
    expect(await compactArchive(join(folder, name))).toMatchObject({ kind: 'compacted' });
    expect(await readFile(join(folder, name, '_view/schema/views.sql'), 'utf8')).not.toBe(before);
    await expectLatest(name);
  });

  it('is left alone while the files are the same, and written again when it is gone', async () => {
    const name = await archiveOf('idle', withSinks([{ format: 'parquet' }]));
    const path = join(folder, name, '_view/schema/views.sql');
    const { ino, mtimeMs } = await stat(path);
    await writeHere(name);
    expect(await stat(path)).toMatchObject({ ino, mtimeMs });
    const text = await readFile(path, 'utf8');
    // "This archive has no files." was said of the table `files`.
    expect(text).toMatch(/^-- This archive does not have these tables: .*\bfiles\.$/m);
    await rm(join(folder, name, '_view'), { recursive: true });
    await writeHere(name);
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});

describe('the JSON Schemas in an archive', () => {
  it('say what its lines of JSON are, each with its id and version', async () => {
    const name = await archiveOf(
      'schemas',
      withSinks([{ format: 'jsonl' }]).map((run) => ({ ...run, without: ['urls'] })),
    );
    const schemas = join(folder, name, '_view/schema');
    expect(await readdir(schemas)).toEqual(['mentions.schema.json', 'messages.schema.json', 'views.sql']);
    const schema = JSON.parse(await readFile(join(schemas, 'messages.schema.json'), 'utf8')) as Record<string, unknown>;
    expect(schema).toMatchObject({ $id: 'urn:rocketchat-export:table:messages:2', version: 2 });
    const isValid = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    const [file = ''] = await readdir(join(folder, name, 'messages'));
    const lines = (await readFile(join(folder, name, 'messages', file), 'utf8')).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines)
      expect({ valid: isValid(JSON.parse(line)), errors: isValid.errors }).toMatchObject({ valid: true });
    expect(isValid({ ...(JSON.parse(lines[0] ?? '') as object), message_id: 1 })).toBe(false);
  });
});

describe('the program', () => {
  it('writes them after a run, and says so where it cannot, when the run is published', async () => {
    const served = await serveWorkspace(createSmallWorkspace(3));
    try {
      const options = { cwd: await mkdtemp(join(folder, 'program-')), env: loginAt(served.url) };
      const archive = join(options.cwd, 'archive');
      const args = ['export', '--rooms', 'small', '--output', 'archive'];
      expect(await runHere(args, options)).toMatchObject({ code: 0 });
      expect(await readdir(join(archive, '_view/schema'))).toContain('views.sql');

      await rm(join(archive, '_view/schema'), { recursive: true });
      await writeFile(join(archive, '_view/schema'), 'in the way');
      // A table that begins changes the views.
      const second = await runHere([...args, '--tables', 'messages,links'], options);
      expect(second.stderr).toContain('"_view/schema" could not be brought up to date');
      expect({ code: second.code }).toEqual({ code: 0 });
      expect(await verifyArchive(archive)).toMatchObject({ differences: [], runs: 2 });
    } finally {
      await served.close();
    }
  });
});
