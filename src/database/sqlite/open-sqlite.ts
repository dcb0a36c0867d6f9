import type { ColumnSpec, Row, Value } from '../../model/column.ts';
import { doubleQuoted, textLiteral } from '../../schemas/sql-text.ts';
import type { TypeNames } from '../../schemas/type-names.ts';
import { jsonText } from '../../sinks/json-text.ts';
import { timestampText } from '../../sinks/timestamp-text.ts';
import type { Engine } from '../engine.ts';
import { NulReplacer } from '../without-nul.ts';
import { sqliteFailure, type SqliteBuild, type SqliteDriver } from './sqlite-driver.ts';

/** SQLite has neither times nor JSON: they are text, which its functions for both read. */
const sqliteTypes: TypeNames = {
  string: 'TEXT',
  timestamp: 'TEXT',
  int: 'INTEGER',
  boolean: 'INTEGER',
  json: 'TEXT',
  list: () => 'TEXT',
  struct: () => 'TEXT',
};

/** VACUUM may give rows other numbers, unless a column holds them. */
const rowNumber = '"row_id" INTEGER PRIMARY KEY';

/**
 * @param path absolute, as messages name it
 * @param opened its copy to work in, if it is not to be opened itself
 */
export function openSqlite(build: SqliteBuild, path: string, opened = path): Engine {
  const failing = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw sqliteFailure(error, path);
    }
  };
  const database = failing(() => build.open(opened));
  // What was purged is overwritten.
  failing(() => database.exec('PRAGMA secure_delete = ON; PRAGMA synchronous = FULL'));
  // Whatever fails rejects: a ROLLBACK that is caught must not throw over the error that it is for.
  const query = (sql: string) => Promise.resolve().then(() => failing(() => database.all(sql)));
  const execute = (sql: string): Promise<void> => Promise.resolve().then(() => failing(() => database.exec(sql)));
  return {
    types: sqliteTypes,
    begin: 'BEGIN IMMEDIATE',
    hasIndexes: true,
    ownColumn: rowNumber,
    query,
    execute,
    dropIndex: (index) => execute(`DROP INDEX IF EXISTS ${doubleQuoted(index)}`),
    columns: async (table) => {
      const answers = await query(`PRAGMA table_info(${doubleQuoted(table)})`);
      return answers.map(({ name }) => String(name));
    },
    textIndex,
    renewTextIndex,
    replaceView: async (view, sql) => {
      await execute(`DROP VIEW IF EXISTS ${doubleQuoted(view)}; CREATE VIEW ${doubleQuoted(view)} AS\n${sql}`);
    },
    insert: async (table, columns, rows) => {
      const nul = new NulReplacer();
      let inserted = 0;
      const statement = failing(() => database.prepare(insertText(table, columns)));
      try {
        const cells = columns.map((column) => cell(column, nul));
        for await (const batch of rows) {
          for (const row of batch) failing(() => statement.run(cells.map((read) => read(row))));
          inserted += batch.length;
        }
      } finally {
        statement.finalize();
      }
      return { rows: inserted, replaced: nul.replaced };
    },
    close: () => {
      closeQuietly(database);
      return Promise.resolve();
    },
  };
}

function closeQuietly(database: SqliteDriver): void {
  try {
    database.close();
  } catch {
    // A transaction that is still open is rolled back by whoever opens the file next.
  }
}

function insertText(table: string, columns: readonly ColumnSpec[]): string {
  const names = columns.map(({ name }) => doubleQuoted(name)).join(', ');
  return `INSERT INTO ${doubleQuoted(table)} (${names}) VALUES (${columns.map(() => '?').join(', ')})`;
}

function cell({ name, type }: ColumnSpec, nul: NulReplacer): (row: Row) => string | number | null {
  const isJson = ['json', 'strings', 'structs'].includes(type.kind);
  const text = (value: Value): string | number => {
    if (isJson) return nul.json(jsonText(value));
    if (typeof value === 'string') return nul.text(value);
    if (typeof value === 'number') return value;
    if (value instanceof Date) return timestampText(value);
    return value === true ? 1 : 0;
  };
  return (row) => {
    const value = row[name];
    return value === null || value === undefined ? null : text(value);
  };
}

/** Words of the texts, kept beside them by triggers. Source: sqlite.org/fts5.html, "External Content Tables". */
function textIndex(table: string): readonly string[] {
  const index = doubleQuoted(`${table}_text`);
  const words = (row: 'new' | 'old') => `${row}."row_id", ${row}."text"`;
  return [
    `CREATE VIRTUAL TABLE IF NOT EXISTS ${index} USING fts5("text", content=${textLiteral(table)}, content_rowid='row_id')`,
    ...renewTextIndex(table),
    `CREATE TRIGGER IF NOT EXISTS ${doubleQuoted(`${table}_text_insert`)} AFTER INSERT ON ${doubleQuoted(table)} BEGIN
  INSERT INTO ${index}(rowid, "text") VALUES (${words('new')});
END`,
    `CREATE TRIGGER IF NOT EXISTS ${doubleQuoted(`${table}_text_delete`)} AFTER DELETE ON ${doubleQuoted(table)} BEGIN
  INSERT INTO ${index}(${index}, rowid, "text") VALUES ('delete', ${words('old')});
END`,
  ];
}

/**
 * Removed words stay in the index until its parts are merged. The option 'secure-delete' would take them out, but in a format
 * that no SQLite before 3.42 reads. Source: sqlite.org/fts5.html, "The 'secure-delete' Configuration Option".
 */
function renewTextIndex(table: string): readonly string[] {
  const index = doubleQuoted(`${table}_text`);
  return [`INSERT INTO ${index}(${index}) VALUES ('rebuild')`];
}
