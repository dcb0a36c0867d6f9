import { stringify } from 'yaml';
import { hasSeveralRows, rowKeys } from '../tables/rows/row-key.ts';
import { isCurrent, runOfNewest, type Quote } from './sql-text.ts';
import type { SchemaFile, SchemaFormat, SchemaRequest, SchemaTable } from './schema-request.ts';

/**
 * A folder of a dbt project: the tables as sources, a model `latest_…` for each, and tests of both. Models are plain SQL,
 * for any engine that dbt has an adapter of. Source: docs.getdbt.com, "Sources", "Model properties", "Data tests".
 */
export const dbt: SchemaFormat = {
  reads: ['parquet', 'jsonl', 'csv'],
  location: '',
  write: (request) => [
    { path: 'rocketchat__sources.yml', text: sources(request) },
    { path: 'rocketchat__models.yml', text: models(request) },
    ...request.tables.map((table): SchemaFile => ({ path: `latest_${table.name}.sql`, text: model(table) })),
  ],
};

const sourceName = 'rocketchat';

function sources({ tables }: SchemaRequest): string {
  return yaml({
    version: 2,
    sources: [
      {
        name: sourceName,
        description: 'Tables of an archive of rocketchat-export, with all versions of all rows.',
        tables: tables.map(({ name, meaning, columns }) => ({
          name,
          description: meaning,
          columns: columns.map((column) => ({
            name: column.name,
            description: column.meaning,
            ...dataTests([
              ...(column.nullable ? [] : ['not_null']),
              ...(column.name === 'op' ? [{ accepted_values: { values: ['upsert', 'delete'] } }] : []),
            ]),
          })),
        })),
      },
    ],
  });
}

function models({ tables }: SchemaRequest): string {
  return yaml({
    version: 2,
    models: tables.map((table) => ({
      name: `latest_${table.name}`,
      description: `The current rows of ${table.name}. ${table.meaning}`,
      columns: table.columns.map(({ name, meaning }) => ({
        name,
        description: meaning,
        ...dataTests([
          ...(isOnlyKey(table, name) ? ['unique'] : []),
          ...(rowKeys[table.name].includes(name) ? ['not_null'] : []),
          ...(name === 'op' ? [{ accepted_values: { values: ['upsert'] } }] : []),
        ]),
      })),
    })),
  });
}

/** Whether the column alone says which row it is: `unique` looks at one. */
function isOnlyKey({ name }: SchemaTable, column: string): boolean {
  const [only, more] = rowKeys[name];
  return only === column && more === undefined && !hasSeveralRows(name);
}

function dataTests(tests: readonly unknown[]): { readonly data_tests?: readonly unknown[] } {
  return tests.length === 0 ? {} : { data_tests: tests };
}

const unquoted: Quote = (name) => name;

/** Names are not quoted: what upper case means to an engine, dbt leaves to it. */
function model({ name, columns }: SchemaTable): string {
  return `with versions as (
    select
        *,
        ${runOfNewest(name, unquoted).toLowerCase()} as newest_run
    from {{ source('${sourceName}', '${name}') }}
)

select
${columns.map((column) => `    ${column.name}`).join(',\n')}
from versions
where ${isCurrent(unquoted).toLowerCase().replace('\n', '\n  ')}
`;
}

function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}
