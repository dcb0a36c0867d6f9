import { exitCodes } from '../../errors.ts';
import type { ColumnDescription, ColumnType } from '../../model/column.ts';
import { exitCodeTable } from '../report/exit-code-table.ts';
import { tableNamed } from '../arguments/table-named.ts';
import { textTable } from '../report/text-table.ts';
import { wrapped } from '../report/wrapped-lines.ts';
import { defineCommand } from '../command.ts';

export const schema = defineCommand({
  name: 'schema',
  usage: 'schema [table]',
  summary: 'Show the columns of the tables: name, type, source, meaning',
  description: `Shows the columns of one table, or of all. They are the same in every format: Parquet has native types, JSONL has JSON's own, CSV writes lists and structs as JSON text and timestamps as RFC 3339. A type that ends in ? may be null.

"schema manifest" prints the JSON Schema of the manifests in _manifest, which docs/archive-format.md explains; "schema run" that of the lines that run, export and schedule print with --json.`,
  positionals: {
    table: {
      type: 'string',
      describe:
        'messages, mentioned_messages, mentions, reactions, attachments, links, message_versions, rooms, users or room_members; default: all. Or manifest, or run',
    },
  },
  options: {
    md: { type: 'boolean', describe: 'With the column md, which jobs with transform: {md: json} write' },
    json: {
      type: 'boolean',
      describe: 'Print JSON Schema (2020-12) of a line of JSONL; for all tables, one object keyed by table name',
    },
  },
  examples: [
    ['schema messages', 'the columns of one table'],
    ['schema reactions --json > reactions.schema.json', 'a JSON Schema for a validator'],
    ['schema manifest > manifest.schema.json', 'the same for manifests'],
  ],
  notes: [exitCodeTable([0, 64, 70, 73])],
  run: async ({ table: name, md, json }, { processContext }) => {
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
