import type { Column, ColumnType, StructField, StructValue } from '../model/column.ts';
import type { JsonValue } from '../model/json/json-value.ts';

/** A column's type as it is written in a list of columns, `?` for one that may be null, and the values it stands for. */
interface Types {
  string: string;
  'string?': string | null;
  timestamp: Date;
  'timestamp?': Date | null;
  int: number;
  'int?': number | null;
  boolean: boolean;
  'boolean?': boolean | null;
  'json?': JsonValue;
  'list<string>': readonly string[];
  'list<string>?': readonly string[] | null;
}

const types: Readonly<Record<keyof Types, ColumnType>> = {
  string: { kind: 'string' },
  'string?': { kind: 'string' },
  timestamp: { kind: 'timestamp' },
  'timestamp?': { kind: 'timestamp' },
  int: { kind: 'int' },
  'int?': { kind: 'int' },
  boolean: { kind: 'boolean' },
  'boolean?': { kind: 'boolean' },
  'json?': { kind: 'json' },
  'list<string>': { kind: 'strings' },
  'list<string>?': { kind: 'strings' },
};

/** What is said of a column in the list of its table: name, type, source field, meaning, and the reader, which must fit the type. */
type DefineColumn<Source> = <Type extends keyof Types>(
  name: string,
  type: Type,
  from: string,
  meaning: string,
  read: (source: Source) => Types[Type],
) => Column<Source>;

/** @returns the function that makes columns of tables whose rows are read from `Source` */
export function columnsOf<Source>(): DefineColumn<Source> {
  return (name, type, from, meaning, read) => ({
    name,
    type: types[type],
    nullable: type.endsWith('?'),
    from,
    meaning,
    read,
  });
}

/** A list<struct> column: never null, its structs' fields as given. */
export function structsColumn<Source>(
  name: string,
  fields: readonly StructField[],
  from: string,
  meaning: string,
  read: (source: Source) => readonly StructValue[],
): Column<Source> {
  return { name, type: { kind: 'structs', fields }, nullable: false, from, meaning, read };
}
