import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ColumnDescription, ColumnType } from '../../src/model/column.ts';
import { tableNames } from '../../src/model/table-name.ts';
import { schemaFormatNames, schemaFormats, schemaTables, writeSchema } from '../../src/schemas/schema-formats.ts';
import { fileExtensions, type SchemaTable } from '../../src/schemas/schema-request.ts';
import { runHere } from '../support/program/fake-process.ts';

/** A model for each table, the sources and the models. */
const dbtFiles = tableNames.length + 2;

const goldens = join(import.meta.dirname, '../fixtures/schemas');

function column(name: string, type: ColumnType, nullable = false): ColumnDescription {
  return { name, type, nullable, from: '', meaning: `The user's \\ "${name}".` };
}

/** A column of each type. */
const everyType: SchemaTable = {
  name: 'messages',
  meaning: "A message's row.",
  columns: [
    column('message_id', { kind: 'string' }),
    column('room_id', { kind: 'string' }),
    column('ts', { kind: 'timestamp' }),
    column('updated_at', { kind: 'timestamp' }, true),
    column('text', { kind: 'string' }, true),
    column('is_bot', { kind: 'boolean' }, true),
    column('links', { kind: 'strings' }, true),
    column(
      'reactions',
      {
        kind: 'structs',
        fields: [
          { name: 'emoji', kind: 'string' },
          { name: 'count', kind: 'int' },
          { name: 'usernames', kind: 'strings' },
        ],
      },
      true,
    ),
    column('extra', { kind: 'json' }, true),
    column('op', { kind: 'string' }),
    column('run', { kind: 'int' }),
  ],
};

const names = schemaFormatNames;

describe('a schema', () => {
  it.each(names)('for %s is the one that was read and found right', async (name) => {
    const { reads } = schemaFormats[name];
    const texts = reads.flatMap((files) =>
      writeSchema(name, [everyType], { files, partition: 'month' }).map(
        ({ path, text }) => `==> ${path} of ${files}\n${text}`,
      ),
    );
    const golden = join(goldens, `${name}.txt`);
    if (process.env['UPDATE_DOCS'] === '1') {
      await mkdir(goldens, { recursive: true });
      await writeFile(golden, texts.join('\n'));
    }
    expect(texts.join('\n')).toBe(await readFile(golden, 'utf8'));
  });

  it.each(names)('for %s names every column of every table', (name) => {
    for (const table of schemaTables({ md: true })) {
      const text = writeSchema(name, [table], { ...(name === 'duckdb' && { files: 'csv' as const }) })
        .map((file) => file.text)
        .join('')
        .toLowerCase();
      const missing = table.columns.filter((known) => !new RegExp(`\\b${known.name}\\b`).test(text));
      expect(missing).toEqual([]);
    }
  });

  it.each(names)('for %s is refused for files that it cannot load', (name) => {
    for (const files of fileExtensions) {
      const write = () => writeSchema(name, [everyType], { files });
      const [format = ''] = files.split('.');
      if (schemaFormats[name].reads.some((known) => known === format)) expect(write()[0]?.text).not.toBe('');
      else expect(write).toThrow(`Cannot describe files of ${files} for ${name}: `);
    }
  });
});

describe('the command schema --format', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'schema-command-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('prints what one engine needs of one table', async () => {
    const { code, stdout } = await runHere(
      ['schema', 'links', '--format', 'bigquery', '--files', 'jsonl.gz', '--location', 'gs://b/a/'],
      { cwd: folder },
    );
    expect(code).toBe(0);
    expect(stdout).toContain("uris = ['gs://b/a/links/*.jsonl.gz']");
    expect(stdout.match(/CREATE TABLE/g)).toHaveLength(1);
  });

  it('writes the files of dbt to a folder, and overwrites none', async () => {
    const words = ['schema', '--format', 'dbt', '--output', 'models/chat'];
    expect(await runHere(words, { cwd: folder })).toMatchObject({ code: 0, stdout: '' });
    expect(await readdir(join(folder, 'models/chat'))).toHaveLength(dbtFiles);
    const again = await runHere(words, { cwd: folder });
    expect(again).toMatchObject({ code: 64, stdout: '' });
    expect(again.stderr).toContain('no file is ever overwritten');
  });

  it.each([
    [['--format', 'dbt'], `Cannot print ${dbtFiles} files of dbt to stdout`],
    [['--format', 'postgre'], 'Did you mean "postgres"?'],
    [['--format', 'duckdb', '--files', 'xlsx'], 'Unknown --files "xlsx"'],
    [['--format', 'duckdb', '--partition', 'day'], 'Unknown --partition "day", expected one of room, month'],
    [['--format', 'athena', '--files', 'csv'], 'Cannot describe files of csv for athena'],
    [['--location', 's3://x'], '--location belongs to --format, which is missing'],
    [['--format', 'duckdb', '--json'], 'Cannot use --json with --format'],
    [['manifest', '--format', 'duckdb'], 'Unknown table "manifest"'],
  ])('refuses %j, and prints nothing', async (words, message) => {
    const { code, stdout, stderr } = await runHere(['schema', ...words], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain(message);
  });
});
