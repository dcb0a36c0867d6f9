import { UsageError } from '../errors.ts';
import { isSinceVersion2 } from '../tables/stored-columns.ts';
import { listTables, messageTables } from '../tables/tables.ts';
import { athena } from './athena.ts';
import { bigquery } from './bigquery.ts';
import { clickhouse } from './clickhouse.ts';
import { datapackage } from './datapackage.ts';
import { dbt } from './dbt.ts';
import { duckdb } from './duckdb.ts';
import { postgres } from './postgres.ts';
import {
  filesFormat,
  type FileExtension,
  type SchemaFile,
  type SchemaFormat,
  type SchemaTable,
} from './schema-request.ts';
import { snowflake } from './snowflake.ts';
import { spark } from './spark.ts';

/** What a schema can be written for. */
export const schemaFormatNames = [
  ...(['duckdb', 'bigquery', 'snowflake', 'athena', 'spark', 'postgres', 'clickhouse'] as const),
  ...(['dbt', 'datapackage'] as const),
] as const;

export type SchemaFormatName = (typeof schemaFormatNames)[number];

export const schemaFormats: Readonly<Record<SchemaFormatName, SchemaFormat>> = {
  duckdb,
  bigquery,
  snowflake,
  athena,
  spark,
  postgres,
  clickhouse,
  dbt,
  datapackage,
};

/**
 * Writes what an engine or tool has to be told of the archive's tables.
 *
 * @param options `files`, `location`, `partition`: see SchemaRequest; absent: the format's own default, no partitions
 * @returns the files of it: one, for dbt several
 * @throws UsageError for files that the engine cannot load without loss
 */
export function writeSchema(
  name: SchemaFormatName,
  tables: readonly SchemaTable[],
  options: { readonly files?: FileExtension; readonly location?: string; readonly partition?: 'room' | 'month' },
): readonly SchemaFile[] {
  const format = schemaFormats[name];
  const [first = 'parquet'] = format.reads;
  const { files = first, location = format.location, partition = null } = options;
  if (!format.reads.includes(filesFormat(files))) {
    throw new UsageError(`Cannot describe files of ${files} for ${name}: ${format.because ?? ''}`, {
      hint: `Use files of ${format.reads.join(' or ')}`,
    });
  }
  return format.write({ tables, files, location: location.replace(/\/+$/, ''), partition });
}

/** All tables, as the files of any archive may hold them: of older ones some rows lack what is new. */
export function schemaTables(options: { readonly md: boolean }): readonly SchemaTable[] {
  return [...Object.values(messageTables(options)), ...Object.values(listTables())].map(
    ({ name, meaning, columns }) => ({
      name,
      meaning,
      columns: columns.map((column) => ({
        ...column,
        nullable: column.nullable || isSinceVersion2(name, column.name),
      })),
    }),
  );
}
