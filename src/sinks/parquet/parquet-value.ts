import type { ColumnSpec, ColumnType, ScalarKind, StructField, Value } from '../../model/column.ts';
import { isRecord } from '../../model/json/is-record.ts';
import { jsonText } from '../json-text.ts';
import {
  booleanConversion,
  type Convert,
  integerConversion,
  refuse,
  textConversion,
  timeConversion,
} from './scalar-conversion.ts';

/** As parquetjs-lite wants it: text, number for INT64, boolean; lists of these or of structs of these. */
export type ParquetValue =
  string | number | boolean | null | readonly ParquetValue[] | { readonly [field: string]: ParquetValue };

/** How a column's values are handed to parquetjs-lite. Throws TypeError for a value that is not of the column's type. */
export function parquetConversion({ name, type, nullable }: ColumnSpec): (value: Value | undefined) => ParquetValue {
  const convert = valueConversion(name, type);
  return nullable ? (value) => (value === null || value === undefined ? null : convert(value)) : convert;
}

function valueConversion(path: string, type: ColumnType): (value: Value | undefined) => ParquetValue {
  switch (type.kind) {
    case 'string':
    case 'timestamp':
    case 'int':
    case 'boolean':
      return scalarConversion(path, type.kind);
    case 'json':
      return (value) => (value === undefined || value === null ? refuse(path, 'json') : jsonText(value));
    case 'strings':
      return listConversion(path, scalarConversion(path, 'string'));
    case 'structs':
      return listConversion(path, structConversion(path, type.fields));
  }
}

function scalarConversion(path: string, kind: Exclude<ScalarKind, 'json'>): Convert<ParquetValue> {
  switch (kind) {
    case 'string':
      return textConversion(path);
    case 'timestamp':
      return timeConversion(path);
    case 'int':
      return integerConversion(path);
    case 'boolean':
      return booleanConversion(path);
  }
}

/** One for all: most lists of most messages are empty, and a row group holds some hundred thousand. */
const emptyList: readonly ParquetValue[] = [];

function listConversion(path: string, convert: Convert<ParquetValue>): Convert<ParquetValue> {
  return (value) => {
    if (!Array.isArray(value)) return refuse(path, 'a list');
    return value.length === 0 ? emptyList : value.map(convert);
  };
}

function structConversion(path: string, fields: readonly StructField[]): Convert<ParquetValue> {
  const conversions = fields.map(({ name, kind }): readonly [string, Convert<ParquetValue>] => {
    const fieldPath = `${path}.${name}`;
    if (kind === 'strings') return [name, listConversion(fieldPath, scalarConversion(fieldPath, 'string'))];
    const convert = scalarConversion(fieldPath, kind);
    return [name, (value) => (value === null || value === undefined ? null : convert(value))];
  });
  return (value) => {
    if (!isRecord(value)) return refuse(path, 'a struct');
    const struct: Record<string, ParquetValue> = {};
    for (const [name, convert] of conversions) struct[name] = convert(value[name]);
    return struct;
  };
}

const int64SizeBytes = 8;
/** Before each text, and roughly what levels take. */
const lengthSizeBytes = 4;

/** About how many bytes a value takes uncompressed; text by its length in UTF-16 units, which is known already. */
export function estimatedSizeBytes(value: ParquetValue): number {
  if (typeof value === 'string') return value.length + lengthSizeBytes;
  if (typeof value === 'number') return int64SizeBytes;
  if (value === null || typeof value === 'boolean') return 1;
  let sizeBytes = lengthSizeBytes;
  for (const part of Object.values(value)) sizeBytes += estimatedSizeBytes(part);
  return sizeBytes;
}
