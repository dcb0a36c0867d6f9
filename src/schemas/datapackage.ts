import type { ColumnDescription, ColumnType } from '../model/column.ts';
import { hasSeveralRows, rowKeys } from '../tables/rows/row-key.ts';
import { schemaVersion } from '../tables/tables.ts';
import type { SchemaFormat, SchemaTable } from './schema-request.ts';

/**
 * A Frictionless data package of what `latest` writes: one CSV file per table beside datapackage.json. A package names its
 * files one by one, which the growing folders of an archive do not allow. Source: datapackage.org/standard.
 */
export const datapackage: SchemaFormat = {
  reads: ['csv'],
  because: 'a data package describes the cells of CSV',
  location: '',
  write: ({ tables, files }) => [
    {
      path: 'datapackage.json',
      text: `${JSON.stringify(
        {
          $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
          name: 'rocketchat-export',
          version: `${schemaVersion}.0.0`,
          description: 'The current rows of an archive, a file per table as the command latest writes them.',
          resources: tables.map((table) => resource(table, files)),
        },
        null,
        2,
      )}\n`,
    },
  ],
};

function resource(table: SchemaTable, files: string): unknown {
  const { name, meaning, columns } = table;
  return {
    name,
    path: `${name}.${files}`,
    description: meaning,
    format: 'csv',
    mediatype: 'text/csv',
    encoding: 'utf-8',
    ...(files === 'csv' ? {} : { compression: files.endsWith('.gz') ? 'gz' : 'zst' }),
    dialect: { delimiter: ',', lineTerminator: '\n', quoteChar: '"', doubleQuote: true, header: true },
    schema: {
      fields: columns.map(field),
      primaryKey: hasSeveralRows(name) ? [...rowKeys[name], 'position'] : rowKeys[name],
      missingValues: [''],
    },
  };
}

function field({ name, type, nullable, meaning }: ColumnDescription): unknown {
  return {
    name,
    ...fieldType(type),
    description: meaning,
    ...(nullable ? {} : { constraints: { required: true } }),
  };
}

/** json may hold any value, and a field of type `object` objects only: it is a text here. */
function fieldType({ kind }: ColumnType): { readonly type: string; readonly format?: string } {
  switch (kind) {
    case 'string':
    case 'json':
      return { type: 'string' };
    case 'timestamp':
      return { type: 'datetime' };
    case 'int':
      return { type: 'integer' };
    case 'boolean':
      return { type: 'boolean' };
    case 'strings':
    case 'structs':
      return { type: 'array' };
  }
}
