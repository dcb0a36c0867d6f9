import { join, resolve } from 'node:path';
import { tableNames } from '../../model/table-name.ts';
import { exitCodes, UsageError } from '../../errors.ts';
import type { ColumnDescription, ColumnType } from '../../model/column.ts';
import { nearest } from '../../model/text/nearest.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import type { SchemaFile } from '../../schemas/schema-request.ts';
import { exitCodeTable } from '../report/exit-code-table.ts';
import { tableNamed } from '../arguments/table-named.ts';
import { textTable } from '../report/text/text-table.ts';
import { wrapped } from '../report/text/wrapped-lines.ts';
import { counted } from '../../model/text/counted.ts';
import { defineCommand, type Context } from '../command.ts';

export const schema = defineCommand({
  name: 'schema',
  usage: 'schema [table]',
  summary: 'Show the columns of the tables: name, type, source, meaning',
  description: `Shows the columns of one table, or of all. They are the same in every format: Parquet has native types, JSONL has JSON's own, CSV writes lists and structs as JSON text and timestamps as RFC 3339. A type that ends in ? may be null.

"schema manifest" prints the JSON Schema of the manifests in _manifest, which docs/archive-format.md explains; "schema run" that of the lines that run, export and schedule print with --json.

With --format it writes what a database or tool has to be told of the tables: a table for all versions of the rows, how files are loaded into it, and a view latest_… of the current rows. docs/analytics.md has more.`,
  positionals: {
    table: {
      type: 'string',
      describe: `${tableNames.join(', ')}; default: all. Or manifest, or run`,
    },
  },
  options: {
    md: { type: 'boolean', describe: 'With the column md, which jobs with transform: {md: json} write' },
    json: {
      type: 'boolean',
      describe: 'Print JSON Schema (2020-12) of a line of JSONL; for all tables, one object keyed by table name',
    },
    format: {
      type: 'string',
      requiresArg: true,
      describe:
        'duckdb, bigquery, snowflake, athena, spark, postgres or clickhouse: statements of SQL; dbt: sources, models and tests; datapackage: a Frictionless data package of what latest writes',
    },
    files: {
      type: 'string',
      requiresArg: true,
      describe:
        'With --format, what the files are: parquet (default where it can be loaded), jsonl, csv, or with .gz or .zst behind them',
    },
    location: {
      type: 'string',
      requiresArg: true,
      describe: 'With --format, where the archive lies for the engine, such as s3://bucket/archive',
    },
    partition: {
      type: 'string',
      requiresArg: true,
      describe: 'With --format, the folders that the job makes: room or month; default: none',
    },
    output: {
      type: 'string',
      requiresArg: true,
      describe: 'With --format, the folder to write to; it must not have such files yet. Default: stdout, but for dbt',
    },
  },
  examples: [
    ['schema messages', 'the columns of one table'],
    ['schema reactions --json > reactions.schema.json', 'a JSON Schema for a validator'],
    ['schema --format bigquery --location gs://bucket/archive', 'tables, loads and views for BigQuery'],
    ['schema --format dbt --output models/rocketchat', 'sources and models of a dbt project, with tests'],
    ['schema manifest > manifest.schema.json', 'the same for manifests'],
  ],
  notes: [exitCodeTable([0, 64, 70, 73])],
  run: async ({ table: name, md, json, format, files, location, partition, output }, context) => {
    const { processContext } = context;
    if (format !== undefined) {
      if (json === true) throw new UsageError('Cannot use --json with --format: JSON Schema is a format of its own');
      const written = await schemaFiles(format, name, md === true, { files, location, partition });
      if (output === undefined) printOnly(written, format, context);
      else await writeFiles(written, output, context);
      return exitCodes.complete;
    }
    const [needless] = Object.keys(omitUndefined({ files, location, partition, output }));
    if (needless !== undefined) throw new UsageError(`--${needless} belongs to --format, which is missing`);
    if (name === 'run') {
      const { runResultJsonSchema } = await import('../result/run-result-schema.ts');
      processContext.stdout.write(`${JSON.stringify(runResultJsonSchema(), null, 2)}\n`);
      return exitCodes.complete;
    }
    if (name === 'manifest') {
      const { manifestJsonSchema } = await import('../../archive/manifest/manifest-json-schema.ts');
      processContext.stdout.write(`${JSON.stringify(manifestJsonSchema(), null, 2)}\n`);
      return exitCodes.complete;
    }
    const [{ listTables, messageTables }, { tableJsonSchema }] = await Promise.all([
      import('../../tables/tables.ts'),
      import('../../tables/json-schema.ts'),
    ]);
    const tables: readonly TableDescription[] = [
      ...Object.values(messageTables({ md: md === true })),
      ...Object.values(listTables()),
    ];
    const shown = name === undefined ? tables : [tableNamed(name, tables)];
    if (json !== true) {
      processContext.stdout.write(shown.map((table) => tableText(table, processContext.stdout.columns)).join('\n'));
    } else {
      const [only] = shown;
      const schemas =
        name !== undefined && only !== undefined
          ? tableJsonSchema(only)
          : Object.fromEntries(shown.map((table) => [table.name, tableJsonSchema(table)]));
      processContext.stdout.write(`${JSON.stringify(schemas, null, 2)}\n`);
    }
    return exitCodes.complete;
  },
});

/** What the format needs of all tables or one. */
async function schemaFiles(
  wanted: string,
  table: string | undefined,
  md: boolean,
  { files: ending, location, partition }: Readonly<Record<'files' | 'location' | 'partition', string | undefined>>,
): Promise<readonly SchemaFile[]> {
  const [{ schemaFormatNames, schemaTables, writeSchema }, { fileExtensions }] = await Promise.all([
    import('../../schemas/schema-formats.ts'),
    import('../../schemas/schema-request.ts'),
  ]);
  const format = wordOf('format', wanted, schemaFormatNames);
  const tables = schemaTables({ md });
  const files = ending === undefined ? undefined : wordOf('files', ending, fileExtensions);
  const folders = partition === undefined ? undefined : wordOf('partition', partition, ['room', 'month'] as const);
  return writeSchema(
    format,
    table === undefined ? tables : [tableNamed(table, tables)],
    omitUndefined({ files, location, partition: folders }),
  );
}

function wordOf<Word extends string>(option: string, given: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === given);
  if (found !== undefined) return found;
  const near = nearest(given, words);
  throw new UsageError(`Unknown --${option} "${given}", expected one of ${words.join(', ')}`, {
    ...(near !== undefined && { hint: `Did you mean "${near}"?` }),
  });
}

function printOnly(files: readonly SchemaFile[], format: string, { processContext }: Context): void {
  const [only, ...others] = files;
  if (only === undefined || others.length > 0) {
    throw new UsageError(`Cannot print ${files.length} files of ${format} to stdout`, {
      hint: 'Name a folder for them: --output models/rocketchat',
    });
  }
  processContext.stdout.write(only.text);
}

async function writeFiles(
  files: readonly SchemaFile[],
  output: string,
  { processContext, log }: Context,
): Promise<void> {
  const { nodeDisk, replaceFile } = await import('../../system/disk.ts');
  const { expectNoFile } = await import('../../snapshot/write-current-table.ts');
  const folder = resolve(processContext.cwd, output);
  for (const { path } of files) await expectNoFile(nodeDisk, join(folder, path));
  await nodeDisk.makeFolder(folder);
  for (const { path, text } of files) await replaceFile(nodeDisk, join(folder, path), text);
  log.info(`${output}: ${counted(files.length, 'file')}`, { output: folder, files: files.length });
}

interface TableDescription {
  readonly name: string;
  readonly meaning: string;
  readonly columns: readonly ColumnDescription[];
}

function tableText({ name, meaning, columns }: TableDescription, width: number | null): string {
  const table = textTable(
    [
      { title: 'column' },
      { title: 'type' },
      { title: 'from', aside: 'labelled' },
      { title: 'meaning', aside: 'plain' },
    ],
    columns.map((column) => [column.name, typeText(column), column.from, column.meaning]),
    width,
  );
  return `${wrapped(`${name}: ${meaning}`, width)}\n\n${table}`;
}

function typeText({ type, nullable }: ColumnDescription): string {
  return kindText(type) + (nullable ? '?' : '');
}

function kindText(type: ColumnType): string {
  switch (type.kind) {
    case 'strings':
      return 'list<string>';
    case 'structs': {
      const fields = type.fields.map(({ name, kind }) => `${name} ${kind === 'strings' ? 'list<string>' : kind}`);
      return `list<struct<${fields.join(', ')}>>`;
    }
    case 'string':
    case 'timestamp':
    case 'int':
    case 'boolean':
    case 'json':
      return type.kind;
  }
}
