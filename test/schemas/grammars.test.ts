import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv, type AnySchemaObject } from 'ajv';
import { parse } from 'libpg-query';
import { parse as parseYaml } from 'yaml';
import type { FileExtension } from '../../src/schemas/schema-request.ts';
import { schemaTables, writeSchema, type SchemaFormatName } from '../../src/schemas/schema-formats.ts';
import { loadSqlGrammar } from '../support/schemas/sql-grammars.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

/** Of the tables that are made alike, one. */
const tables = schemaTables({ md: true }).filter(
  ({ name }) => !['mentioned_messages', 'message_versions'].includes(name),
);
/**
 * Of each table the columns of a type that none before has, and one more, by which versions are told apart: in the quick
 * suite a grammar reads no more.
 */
const ofNewTypes = tables.flatMap((table, at) => {
  const before = new Set(tables.slice(0, at).flatMap(({ columns }) => columns.map(({ type }) => type.kind)));
  const columns = table.columns.filter(({ name, type }, place) => {
    const isFirst = table.columns.findIndex((column) => column.type.kind === type.kind) === place;
    return (isFirst && !before.has(type.kind)) || ['message_id', 'run', 'op', 'position'].includes(name);
  });
  return columns.some(({ type }) => !before.has(type.kind)) ? [{ ...table, columns }] : [];
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

const some = quickOrLong(ofNewTypes, tables);
/** In folders for each room a table has the clauses of one without, and one more. */
const layouts = quickOrLong(['room'] as const, [undefined, 'room'] as const);

describe('by the grammar of its engine, a schema', () => {
  it('of PostgreSQL is parsed by its own parser', async () => {
    const { stmts } = (await parse(textOf('postgres', 'csv.gz'))) as { readonly stmts: readonly unknown[] };
    const columns = tables.reduce((sum, table) => sum + table.columns.length, 0);
    // A table, its comment and its view; and the comments of columns.
    expect(stmts).toHaveLength(3 * tables.length + columns);
    await expect(parse('CREATE TABLE "a" ("b" text NOT)')).rejects.toThrow('syntax error');
  });

  it.each(quickOrLong(['parquet'] as const, ['parquet', 'jsonl', 'csv'] as const))(
    'of Spark over %s is Spark’s',
    async (files) => {
      const SparkSQL = await loadSqlGrammar('SparkSQL');
      for (const layout of layouts) expect(new SparkSQL().validate(textOf('spark', files, layout, some))).toEqual([]);
      expect(new SparkSQL().validate('CREATE TABLE `a` (`b` STRING COMMENT);')).not.toEqual([]);
    },
  );

  // Two more grammars, of which each takes as long to load.
  longIt.each(['parquet', 'jsonl'] as const)(
    'of Athena over %s has tables of Hive and views of Trino',
    async (files) => {
      const [HiveSQL, TrinoSQL] = [await loadSqlGrammar('HiveSQL'), await loadSqlGrammar('TrinoSQL')];
      for (const layout of layouts) {
        const statements = textOf('athena', files, layout)
          .replaceAll(/^--.*\n/gm, '')
          .split(/(?<=;\n)/);
        const views = statements.filter((statement) => statement.includes('CREATE OR REPLACE VIEW'));
        expect(views).toHaveLength(tables.length);
        for (const view of views) expect(new TrinoSQL().validate(view)).toEqual([]);
        const others = statements.filter((statement) => !views.includes(statement));
        expect(new HiveSQL().validate(others.join(''))).toEqual([]);
      }
      expect(new HiveSQL().validate('CREATE EXTERNAL TABLE `a` (`b` array<string) LOCATION 1;')).not.toEqual([]);
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
