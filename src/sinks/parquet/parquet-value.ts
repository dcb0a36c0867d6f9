import type { ColumnSpec, ColumnType, ScalarKind, StructField, Value } from '../../model/column.ts';
import { isRecord } from '../../model/exact-number.ts';
import { jsonText } from '../json-text.ts';

/** As hyparquet-writer wants it: text, bigint for INT64, boolean; lists of these or of structs of these. */
export type ParquetValue =
  string | bigint | boolean | null | readonly ParquetValue[] | { readonly [field: string]: ParquetValue };

type Convert = (value: unknown) => ParquetValue;

/**
 * How a column's values are handed to the encoder.
 *
 * The conversion throws TypeError for a value that is not of the column's type: a bug of whoever made the row. The
 * encoder would find it when the row is long gone, or never.
 */
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

function scalarConversion(path: string, kind: Exclude<ScalarKind, 'json'>): Convert {
  switch (kind) {
    case 'string':
      return (value) => (typeof value === 'string' ? value : refuse(path, 'a string'));
    case 'timestamp':
      return (value) =>
        value instanceof Date && !Number.isNaN(value.getTime()) ? BigInt(value.getTime()) : refuse(path, 'a date');
    case 'int':
      return (value) =>
        typeof value === 'number' && Number.isSafeInteger(value)
          ? (smallIntegers[value] ?? BigInt(value))
          : refuse(path, 'a safe integer');
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : refuse(path, 'a boolean'));
  }
}

/** Counts are mostly one of these, and every bigint is an object on the heap until its row group is written. */
const smallIntegers: readonly bigint[] = Array.from({ length: 256 }, (_, value) => BigInt(value));

/** One for all: most lists of most messages are empty, and a row group holds some hundred thousand. */
const emptyList: readonly ParquetValue[] = [];

function listConversion(path: string, convert: Convert): Convert {
  return (value) => {
    if (!Array.isArray(value)) return refuse(path, 'a list');
    return value.length === 0 ? emptyList : value.map(convert);
  };
}

function structConversion(path: string, fields: readonly StructField[]): Convert {
  const conversions = fields.map(({ name, kind }): readonly [string, Convert] => {
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

function refuse(path: string, expected: string): never {
  throw new TypeError(`Cannot write a value of column "${path}" to Parquet: expected ${expected}`);
}

const int64SizeBytes = 8;
/** Before each text, and roughly what levels take. */
const lengthSizeBytes = 4;

/** About how many bytes a value takes uncompressed; text by its length in UTF-16 units, which is known already. */
export function estimatedSizeBytes(value: ParquetValue): number {
  if (typeof value === 'string') return value.length + lengthSizeBytes;
  if (typeof value === 'bigint') return int64SizeBytes;
  if (value === null || typeof value === 'boolean') return 1;
  let sizeBytes = lengthSizeBytes;
  for (const part of Object.values(value)) sizeBytes += estimatedSizeBytes(part);
  return sizeBytes;
}
