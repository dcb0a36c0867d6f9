import type { SchemaElement } from 'hyparquet-writer';
import type { ColumnSpec, ScalarKind, StructField } from '../../model/column.ts';

type Repetition = 'REQUIRED' | 'OPTIONAL';

/**
 * A table's columns in Parquet's own words, depth first, the root before them.
 *
 * Types have both names where there are two, the logical type and the older converted type: DuckDB takes a UTC timestamp
 * from the one only, json from the other only. Lists have the three levels that the format asks for (LogicalTypes.md).
 */
export function parquetSchema(columns: readonly ColumnSpec[]): SchemaElement[] {
  return [{ name: 'schema', num_children: columns.length }, ...columns.flatMap(columnElements)];
}

function columnElements({ name, type, nullable }: ColumnSpec): SchemaElement[] {
  const repetition = nullable ? 'OPTIONAL' : 'REQUIRED';
  switch (type.kind) {
    case 'string':
    case 'timestamp':
    case 'int':
    case 'boolean':
    case 'json':
      return [scalarElement(name, type.kind, repetition)];
    case 'strings':
      return listElements(name, repetition, [scalarElement('element', 'string', 'REQUIRED')]);
    case 'structs':
      return listElements(name, repetition, [
        { name: 'element', repetition_type: 'REQUIRED', num_children: type.fields.length },
        ...type.fields.flatMap(fieldElements),
      ]);
  }
}

function fieldElements({ name, kind }: StructField): SchemaElement[] {
  return kind === 'strings'
    ? listElements(name, 'REQUIRED', [scalarElement('element', 'string', 'REQUIRED')])
    : [scalarElement(name, kind, 'OPTIONAL')];
}

function listElements(name: string, repetition: Repetition, element: SchemaElement[]): SchemaElement[] {
  return [
    { name, repetition_type: repetition, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    ...element,
  ];
}

function scalarElement(name: string, kind: ScalarKind, repetition: Repetition): SchemaElement {
  const element = { name, repetition_type: repetition };
  switch (kind) {
    case 'string':
      return { ...element, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
    case 'json':
      return { ...element, type: 'BYTE_ARRAY', converted_type: 'JSON', logical_type: { type: 'JSON' } };
    case 'timestamp':
      return {
        ...element,
        type: 'INT64',
        converted_type: 'TIMESTAMP_MILLIS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
      };
    case 'int':
      // INT64 is signed without saying so; the encoder writes the width in a type that DuckDB refuses the file for.
      return { ...element, type: 'INT64' };
    case 'boolean':
      return { ...element, type: 'BOOLEAN' };
  }
}
