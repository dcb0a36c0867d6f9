import { schemaVersion } from '../tables/tables.ts';
import { tool } from '../version.ts';
import { rowKeys } from '../tables/rows/row-key.ts';
import type { SchemaFile, SchemaRequest, SchemaTable } from './schema-request.ts';

/** How an engine quotes the names of tables and columns. */
export type Quote = (name: string) => string;

/** As in the standard; no name of ours holds the sign itself. */
export const doubleQuoted: Quote = (name) => `"${name}"`;

export const backQuoted: Quote = (name) => `\`${name}\``;

/** A text of SQL's own kind: no escapes but the doubled quote. */
export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** For engines in whose texts a backslash escapes, too. */
export function escapedLiteral(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}

/** Lines that say what made a file, and what its reader must know. */
export function sqlHeader(lines: readonly string[]): string {
  const made = `Made by ${tool.name} ${tool.version}: columns of schema version ${schemaVersion}.`;
  return [made, ...lines].map((line) => `-- ${line}\n`).join('');
}

/**
 * A script of SQL: a header, and a piece of text for each table.
 *
 * @param before what stands before the tables
 */
export function sqlSchema(
  request: SchemaRequest,
  header: readonly string[],
  tableText: (table: SchemaTable, request: SchemaRequest) => string,
  before = '',
): readonly SchemaFile[] {
  const tables = request.tables.map((table) => tableText(table, request));
  return [{ path: 'schema.sql', text: [sqlHeader(header), before, ...tables].join('') }];
}

/**
 * The current rows of a table, for engines that filter by windows in one step: of each key those with the greatest run,
 * unless they say that it is gone.
 */
export function qualifiedLatest({ name }: SchemaTable, from: string, quote: Quote): string {
  return [
    `SELECT *`,
    `FROM ${from}`,
    // BigQuery knew QUALIFY behind a WHERE only, for long.
    `WHERE TRUE`,
    `QUALIFY ${quote('run')} = ${runOfNewest(name, quote)}`,
    `  AND ${isThere(quote)}`,
  ].join('\n');
}

/** The same for the others. */
export function nestedLatest({ name, columns }: SchemaTable, from: string, quote: Quote): string {
  return [
    `SELECT ${columns.map((column) => quote(column.name)).join(', ')}`,
    `FROM (`,
    `  SELECT *, ${runOfNewest(name, quote)} AS ${quote('newest_run')}`,
    `  FROM ${from}`,
    `) ${quote('versions')}`,
    `WHERE ${isCurrent(quote)}`,
  ].join('\n');
}

/** Of the rows with the same key, the run that decides: what stands in it is the current version. */
export function runOfNewest(name: SchemaTable['name'], quote: Quote): string {
  return `max(${quote('run')}) OVER (PARTITION BY ${rowKeys[name].map(quote).join(', ')})`;
}

/** Of rows beside which `newest_run` stands, which is `runOfNewest`: whether they are current. */
export function isCurrent(quote: Quote): string {
  return `${quote('run')} = ${quote('newest_run')}\n  AND ${isThere(quote)}`;
}

/** Rows of older programs have no `op`. */
export function isThere(quote: Quote): string {
  return `(${quote('op')} IS NULL OR ${quote('op')} <> 'delete')`;
}
