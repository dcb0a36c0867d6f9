import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv, type AnySchemaObject } from 'ajv';
import { parse } from 'libpg-query';
import { parse as parseYaml } from 'yaml';
import type { FileExtension } from '../../src/schemas/schema-request.ts';
import { schemaTables, writeSchema, type SchemaFormatName } from '../../src/schemas/schema-formats.ts';
import { loadSqlGrammars, type SqlGrammars } from '../support/schemas/sql-grammars.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

/** Of the tables that are made alike, one. */
const tables = schemaTables({ md: true }).filter(
  ({ name }) => !['mentioned_messages', 'message_versions'].includes(name),
);
/** Those of which a column has a type that none before has: in the quick suite grammars that take long read no more. */
const ofNewTypes = tables.filter(({ columns }, at) => {
  const before = tables.slice(0, at).flatMap((table) => table.columns.map(({ type }) => type.kind));
  return columns.some(({ type }) => !before.includes(type.kind));
});
const location = "s3://bucket/it's here";

function textOf(
  name: SchemaFormatName,
  files: FileExtension,
  partition?: 'room' | 'month',
  described = tables,
): string {
  const [file] = writeSchema(name, described, { files, location, ...(partition && { partition }) });
  return file?.text ?? '';
}

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/schemas', name), 'utf8'));
}

const slowly = quickOrLong(ofNewTypes, tables);
/** In folders for each room a table has the clauses of one without, and one more. */
const layouts = quickOrLong(['room'] as const, [undefined, 'room'] as const);

describe('by the grammar of its engine, a schema', () => {
  let grammars: SqlGrammars;
  beforeAll(async () => {
    grammars = await loadSqlGrammars();
  });

  it('of PostgreSQL is parsed by its own parser', async () => {
    const { stmts } = (await parse(textOf('postgres', 'csv.gz'))) as { readonly stmts: readonly unknown[] };
    const columns = tables.reduce((sum, table) => sum + table.columns.length, 0);
    // A table, its comment and its view; and the comments of columns.
    expect(stmts).toHaveLength(3 * tables.length + columns);
    await expect(parse('CREATE TABLE "a" ("b" text NOT)')).rejects.toThrow('syntax error');
  });

  it.each(quickOrLong(['parquet'] as const, ['parquet', 'jsonl', 'csv'] as const))(
    'of Spark over %s is Spark’s',
    (files) => {
      for (const layout of layouts)
        expect(new grammars.SparkSQL().validate(textOf('spark', files, layout, slowly))).toEqual([]);
      expect(new grammars.SparkSQL().validate('CREATE TABLE `a` (`b` STRING COMMENT);')).not.toEqual([]);
    },
  );

  it.each(quickOrLong(['parquet'] as const, ['parquet', 'jsonl'] as const))(
    'of Athena over %s has tables of Hive and views of Trino',
    (files) => {
      for (const layout of layouts) {
        const statements = textOf('athena', files, layout, slowly)
          .replaceAll(/^--.*\n/gm, '')
          .split(/(?<=;\n)/);
        const views = statements.filter((statement) => statement.includes('CREATE OR REPLACE VIEW'));
        expect(views).toHaveLength(slowly.length);
        for (const view of views) expect(new grammars.TrinoSQL().validate(view)).toEqual([]);
        const others = statements.filter((statement) => !views.includes(statement));
        expect(new grammars.HiveSQL().validate(others.join(''))).toEqual([]);
      }
      expect(new grammars.HiveSQL().validate('CREATE EXTERNAL TABLE `a` (`b` array<string) LOCATION 1;')).not.toEqual(
        [],
      );
    },
  );
});

describe('by the JSON Schema of its tool, a schema', () => {
  it('of dbt is a file of sources and one of models', () => {
    const files = writeSchema('dbt', tables, {});
    const yaml = files.filter(({ path }) => path.endsWith('.yml')).map(({ text }): unknown => parseYaml(text));
    expect(yaml).toHaveLength(2);
    expect(files).toHaveLength(2 + tables.length);
    const isValid = new Ajv({ strict: false, validateFormats: false }).compile(
      fixture('dbt-yml-files.json') as AnySchemaObject,
    );
    for (const file of yaml)
      expect({ valid: isValid(file), errors: isValid.errors }).toEqual({ valid: true, errors: null });
    expect(isValid({ version: 2, models: [{ columns: [] }] })).toBe(false);
  });

  it('of a data package is one of version 2', () => {
    const isValid = new Ajv({ strict: false, validateFormats: false }).compile(
      fixture('datapackage-2.0.json') as AnySchemaObject,
    );
    for (const files of ['csv', 'csv.gz', 'csv.zst'] as const) {
      const described: unknown = JSON.parse(textOf('datapackage', files));
      expect({ valid: isValid(described), errors: isValid.errors }).toEqual({ valid: true, errors: null });
    }
    expect(isValid({ name: 'x', resources: [{}] })).toBe(false);
  });
});
