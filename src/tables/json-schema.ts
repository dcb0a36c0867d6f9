import type { ColumnDescription, ColumnType, StructField } from '../model/column.ts';
import { schemaVersion } from './tables.ts';

/** A JSON Schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a schema is made of. */
export interface DescribedTable {
  readonly name: string;
  readonly meaning: string;
  readonly columns: readonly ColumnDescription[];
  /** Names of those that every line has; absent: all. */
  readonly required?: ReadonlySet<string>;
}

const jsonText: JsonSchema = { type: 'string', contentMediaType: 'application/json' };
const string: JsonSchema = { type: 'string' };
const strings: JsonSchema = { type: 'array', items: string };

/** JSON Schema (2020-12) of one line of a table's JSONL file: every column is there, nullable ones may hold null. */
export function tableJsonSchema({ name, meaning, columns, required }: DescribedTable): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:rocketchat-export:table:${name}:${schemaVersion}`,
    version: schemaVersion,
    title: name,
    description: meaning,
    ...objectSchema(
      columns.map((column): [string, JsonSchema] => [column.name, columnSchema(column)]),
      required,
    ),
  };
}

function columnSchema({ type, nullable, meaning }: ColumnDescription): JsonSchema {
  const schema = typeSchema(type);
  return { description: meaning, ...(nullable ? orNull(schema) : schema) };
}

function typeSchema(type: ColumnType): JsonSchema {
  switch (type.kind) {
    case 'structs':
      return { type: 'array', items: structSchema(type.fields) };
    case 'strings':
    case 'string':
    case 'timestamp':
    case 'int':
    case 'boolean':
      return kindSchema(type.kind);
    case 'json':
      return jsonText;
  }
}

function kindSchema(kind: StructField['kind']): JsonSchema {
  switch (kind) {
    case 'string':
      return string;
    case 'timestamp':
      return { type: 'string', format: 'date-time' };
    case 'int':
      return { type: 'integer' };
    case 'boolean':
      return { type: 'boolean' };
    case 'strings':
      return strings;
  }
}

function structSchema(fields: readonly StructField[]): JsonSchema {
  return objectSchema(
    fields.map(({ name, kind }): [string, JsonSchema] => {
      const schema = kindSchema(kind);
      return [name, kind === 'strings' ? schema : orNull(schema)];
    }),
  );
}

function objectSchema(properties: readonly [string, JsonSchema][], required?: ReadonlySet<string>): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: properties.map(([name]) => name).filter((name) => required?.has(name) !== false),
    additionalProperties: false,
  };
}

function orNull(schema: JsonSchema): JsonSchema {
  return { ...schema, type: [schema['type'], 'null'] };
}
