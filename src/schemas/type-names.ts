import { isList } from '../model/column.ts';
import type { ColumnDescription, ColumnType } from '../model/column.ts';
import { filesFormat, type FileExtension } from './schema-request.ts';

/** What an engine calls the types of columns. Timestamps are UTC with milliseconds, ints have 64 bits and a sign. */
export interface TypeNames {
  readonly string: string;
  readonly timestamp: string;
  readonly int: string;
  readonly boolean: string;
  /** JSON text. */
  readonly json: string;
  readonly list: (element: string) => string;
  readonly struct: (fields: readonly (readonly [name: string, type: string])[]) => string;
}

export function typeName(type: ColumnType, names: TypeNames): string {
  switch (type.kind) {
    case 'string':
    case 'timestamp':
    case 'int':
    case 'boolean':
    case 'json':
      return names[type.kind];
    case 'strings':
      return names.list(names.string);
    case 'structs':
      return names.list(
        names.struct(
          type.fields.map(({ name, kind }) => [name, kind === 'strings' ? names.list(names.string) : names[kind]]),
        ),
      );
  }
}

/** The columns as files hold them: in CSV lists are JSON text. */
export function columnsInFiles(
  columns: readonly ColumnDescription[],
  files: FileExtension,
): readonly ColumnDescription[] {
  if (filesFormat(files) !== 'csv') return columns;
  return columns.map((column) => (isList(column.type) ? { ...column, type: { kind: 'json' } } : column));
}
