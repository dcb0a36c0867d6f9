import { parseExactJson } from '../model/json/exact-json.ts';
import { isRecord } from '../model/json/is-record.ts';
import type { ColumnSpec, ColumnType, StructField, StructValue, Value } from '../model/column.ts';
import type { JsonValue } from '../model/json/json-value.ts';
import { FormatError } from './format-error.ts';

/**
 * How a column's values become what sinks take, from what a format's parser makes of them: dates may come as Dates or
 * as RFC 3339, integers as bigints or numbers. undefined, a cell that the file does not have, becomes null.
 *
 * @param readJson what the parser's answer for a json column stands for: the value itself, or its text
 * @returns a function that throws FormatError for a value that is not of the column's type, null where none may be
 */
export function valueReader<Parsed>(
  { name, type, nullable }: ColumnSpec,
  readJson: (parsed: Parsed) => JsonValue,
): (parsed: Parsed | null | undefined) => Value {
  const read = parsedReader(name, type, readJson);
  return (parsed) => {
    if (parsed === undefined) return null;
    if (parsed !== null) return read(parsed);
    return nullable ? null : refuse(name, 'a value');
  };
}

/** How a cell of text, as CSV has them, becomes a column's value. The same errors. */
export function cellReader({ name, type, nullable }: ColumnSpec): (cell: string | null | undefined) => Value {
  const read = textReader(name, type);
  return (cell) => {
    if (cell === undefined) return null;
    if (cell !== null) return read(cell);
    return nullable ? null : refuse(name, 'a value');
  };
}

/** @throws FormatError */
export function parseJsonValue(text: string): JsonValue {
  try {
    return parseExactJson(text);
  } catch {
    // The parser's own message quotes the text, which is a message of somebody.
    throw new FormatError('it is not JSON');
  }
}

function textReader(name: string, type: ColumnType): (text: string) => Value {
  switch (type.kind) {
    case 'string':
      return (text) => text;
    case 'int': {
      const read = intReader(name);
      return (text) => read(/^-?\d+$/.test(text) ? Number(text) : text);
    }
    case 'boolean':
      return (text) => (text === 'true' ? true : text === 'false' ? false : refuse(name, 'true or false'));
    case 'timestamp':
      return timestampReader(name);
    case 'json':
      return (text) => parseCell(name, text);
    case 'strings': {
      const read = stringsReader(name);
      return (text) => read(parseCell(name, text));
    }
    case 'structs': {
      const read = structsReader(name, type.fields);
      return (text) => read(parseCell(name, text));
    }
  }
}

function parseCell(name: string, text: string): JsonValue {
  try {
    // What `excelSafe` put before a number below zero; no JSON begins with it.
    return parseJsonValue(text.startsWith("'") ? text.slice(1) : text);
  } catch {
    return refuse(name, 'JSON');
  }
}

function parsedReader<Parsed>(
  name: string,
  type: ColumnType,
  readJson: (parsed: Parsed) => JsonValue,
): (parsed: Parsed) => Value {
  switch (type.kind) {
    case 'string':
    case 'int':
    case 'boolean':
    case 'timestamp':
      return scalarReader(name, type.kind);
    case 'json':
      return readJson;
    case 'strings':
      return stringsReader(name);
    case 'structs':
      return structsReader(name, type.fields);
  }
}

function scalarReader(
  name: string,
  kind: Exclude<StructField['kind'], 'strings'>,
): (value: unknown) => string | number | boolean | Date {
  switch (kind) {
    case 'string':
      return stringReader(name);
    case 'int':
      return intReader(name);
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : refuse(name, 'true or false'));
    case 'timestamp':
      return timestampReader(name);
  }
}

function stringReader(name: string): (value: unknown) => string {
  return (value) => (typeof value === 'string' ? value : refuse(name, 'a text'));
}

function stringsReader(name: string): (value: unknown) => readonly string[] {
  const read = stringReader(name);
  return (value) => listOf(name, value).map(read);
}

function intReader(name: string): (value: unknown) => number {
  return (value) => {
    const number = typeof value === 'bigint' ? Number(value) : value;
    return typeof number === 'number' && Number.isSafeInteger(number) ? number : refuse(name, 'a safe integer');
  };
}

function timestampReader(name: string): (value: unknown) => Date {
  return (value) => {
    const date = typeof value === 'string' ? new Date(value) : value;
    if (!(date instanceof Date) || Number.isNaN(date.getTime())) return refuse(name, 'a timestamp');
    // Of the many texts that Date takes, sinks write one.
    if (typeof value === 'string' && date.toISOString() !== value) return refuse(name, 'a timestamp');
    return date;
  };
}

function structsReader(name: string, fields: readonly StructField[]): (value: unknown) => readonly StructValue[] {
  const read = structReader(name, fields);
  return (value) => listOf(name, value).map(read);
}

function structReader(name: string, fields: readonly StructField[]): (value: unknown) => StructValue {
  const readers = fields.map((field) => {
    const path = `${name}.${field.name}`;
    if (field.kind === 'strings') {
      const readList = stringsReader(path);
      // Files of schema version 1 have fewer fields.
      return [field.name, (value: unknown) => (value === undefined ? [] : readList(value))] as const;
    }
    const read = scalarReader(path, field.kind);
    return [field.name, (value: unknown) => (value === null || value === undefined ? null : read(value))] as const;
  });
  return (value) => {
    if (!isRecord(value)) return refuse(name, 'an object');
    return Object.fromEntries(readers.map(([field, read]) => [field, read(value[field])]));
  };
}

function listOf(name: string, value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(name, 'a list');
}

/** The value is left out: it is a part of somebody's message. */
function refuse(name: string, expected: string): never {
  throw new FormatError(`column "${name}" should hold ${expected}`);
}
