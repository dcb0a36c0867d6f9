import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client, ClientConfig } from 'pg';
import { UsageError } from '../../errors.ts';
import type { ColumnSpec, Row } from '../../model/column.ts';
import { postgresTypes } from '../../schemas/postgres.ts';
import { doubleQuoted, textLiteral } from '../../schemas/sql-text.ts';
import { tool } from '../../version.ts';
import { sha256 } from '../../archive/hash-file.ts';
import type { QueryRow, Engine, InsertedRows } from '../engine.ts';
import { importDriver } from '../import-driver.ts';
import { NulReplacer } from '../without-nul.ts';
import { copyLines } from './copy-lines.ts';
import { postgresFailure } from './postgres-failure.ts';

const connectionTimeoutMs = 20_000;

/**
 * Words of the first so many characters of a text are found: a tsvector has at most a megabyte. Source: PostgreSQL
 * documentation, "Limitations" of full text search.
 */
const indexedCharacters = 131_072;

const wordsFunction = 'message_words';

/**
 * @param url what it does not say is taken from PGUSER, PGPASSWORD and the other variables of libpq, and from ~/.pgpass
 * @throws UnreachableError, AccessError, UsageError
 */
export async function openPostgres(url: string): Promise<Engine> {
  const { default: pg } = await importDriver('pg', () => import('pg'));
  const { from: copyFrom } = await importDriver('pg-copy-streams', () => import('pg-copy-streams'));
  const address = withoutPassword(url);
  const config: ClientConfig = {
    connectionString: url,
    application_name: tool.name,
    connectionTimeoutMillis: connectionTimeoutMs,
  };
  let isConnected = false;
  const failing = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw postgresFailure(error, address, isConnected);
    }
  };
  const client = await failing(() => connected(new pg.Client(config)));
  isConnected = true;
  const query = (sql: string): Promise<readonly QueryRow[]> =>
    failing(async () => (await client.query<Record<string, unknown>>(sql)).rows);

  await expectUtf8(query, address).catch(async (error: unknown) => {
    await client.end().catch(() => undefined);
    throw error;
  });
  const columns: Engine['columns'] = async (table) => {
    const answers = await query(
      `SELECT "attname" FROM "pg_attribute" WHERE "attrelid" = ${relation(table)} AND "attnum" > 0 AND NOT "attisdropped" ORDER BY "attnum"`,
    );
    return answers.map(({ attname }) => String(attname));
  };
  return {
    types: postgresTypes,
    begin: 'BEGIN',
    // Held to the end of the transaction, whatever tables there are yet; the schema is that of the tables.
    lock: `SELECT pg_advisory_xact_lock(hashtext(${textLiteral(tool.name)}), hashtext(current_schema()))`,
    hasIndexes: true,
    query,
    execute: async (sql) => {
      await query(sql);
    },
    longIndexes,
    dropIndex: async (index) => {
      const [there] = await query(`SELECT format('%I.%I', current_schema(), ${textLiteral(index)}) AS "name"`);
      await query(`DROP INDEX IF EXISTS ${String(there?.['name'])}`);
    },
    columns,
    renewTextIndex: () => [],
    textIndex: (table) => [
      `CREATE OR REPLACE FUNCTION ${doubleQuoted(wordsFunction)}(text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT pg_catalog.to_tsvector('pg_catalog.simple'::regconfig, pg_catalog.left($1, ${indexedCharacters})) $$`,
      `CREATE INDEX IF NOT EXISTS ${doubleQuoted(`${table}_words`)} ON ${doubleQuoted(table)} USING gin (${doubleQuoted(wordsFunction)}("text"))`,
    ],
    replaceView: async (view, text, names) => {
      const before = await columns(view);
      const sql = inOrderOf(before, text, names);
      // Replacing one waits for all who read it, and they for us: the comment says whether it is this one already.
      const stamp = `Made by ${tool.name} ${tool.version}, ${sha256(sql).slice(0, 16)}`;
      const [known] = await query(`SELECT obj_description(${relation(view)}, 'pg_class') AS "stamp"`);
      if (known?.['stamp'] === stamp) return;
      if (before.some((name) => !names.includes(name))) await query(`DROP VIEW ${doubleQuoted(view)}`);
      await query(`CREATE OR REPLACE VIEW ${doubleQuoted(view)} AS\n${sql}`);
      await query(`COMMENT ON VIEW ${doubleQuoted(view)} IS ${textLiteral(stamp)}`);
    },
    insert: (table, specs, rows) =>
      failing(async () => {
        const nul = new NulReplacer();
        const names = specs.map(({ name }) => doubleQuoted(name)).join(', ');
        const copy = client.query(copyFrom(`COPY ${doubleQuoted(table)} (${names}) FROM STDIN WITH (ENCODING 'UTF8')`));
        const counted = { rows: 0 };
        await pipeline(Readable.from(copyText(specs, rows, nul, counted), { objectMode: false }), copy);
        return { rows: counted.rows, replaced: nul.replaced } satisfies InsertedRows;
      }),
    close: async () => {
      await client.end().catch(() => undefined);
    },
  };
}

/** The oid of a table or view in the schema where tables are made: others of the search path may have their own. */
function relation(name: string): string {
  return `(SELECT "c"."oid" FROM "pg_class" "c" JOIN "pg_namespace" "n" ON "n"."oid" = "c"."relnamespace" WHERE "n"."nspname" = current_schema() AND "c"."relname" = ${textLiteral(name)} AND "c"."relkind" <> 'i')`;
}

/** A view keeps its columns and their order when it is replaced, and gets others behind them. Source: "CREATE VIEW". */
function inOrderOf(before: readonly string[], query: string, columns: readonly string[]): string {
  const kept = before.filter((name) => columns.includes(name));
  if (kept.every((name, at) => name === columns[at])) return query;
  const all = [...kept, ...columns.filter((name) => !kept.includes(name))];
  return `SELECT ${all.map(doubleQuoted).join(', ')} FROM (\n${query}\n) "current"`;
}

/**
 * A B-tree holds values of 2,704 bytes, compressed, and a message's `_id` may be any text that a client chose. Two texts of one
 * SHA-256 nobody can choose. `decode` is what makes bytes of a text in an index; of it only backslashes mean something. Source:
 * "Limitations" of "CREATE INDEX"; convert_to depends on settings.
 */
const longIndexes: NonNullable<Engine['longIndexes']> = {
  unique: (index, table, texts, others) => {
    const hashes = texts.map((text) => `sha256(decode(replace(${doubleQuoted(text)}, '\\', '\\\\'), 'escape'))`);
    return `CREATE UNIQUE INDEX IF NOT EXISTS ${doubleQuoted(index)} ON ${doubleQuoted(table)} (${[...hashes, ...others.map(doubleQuoted)].join(', ')})`;
  },
  lookup: (index, table, column) =>
    `CREATE INDEX IF NOT EXISTS ${doubleQuoted(index)} ON ${doubleQuoted(table)} USING hash (${doubleQuoted(column)})`,
};

async function connected(client: Client): Promise<Client> {
  // It fails whatever waits for it, and the next query; without a listener the process would end.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function expectUtf8(query: (sql: string) => Promise<readonly QueryRow[]>, address: string): Promise<void> {
  const [answer] = await query('SHOW server_encoding');
  if (answer?.['server_encoding'] === 'UTF8') return;
  throw new UsageError(
    `Cannot load to "${address}": its encoding is ${String(answer?.['server_encoding'])}, expected UTF8`,
    { hint: 'Create the database with createdb --encoding UTF8 --template template0' },
  );
}

async function* copyText(
  columns: readonly ColumnSpec[],
  rows: AsyncIterable<readonly Row[]>,
  nul: NulReplacer,
  counted: { rows: number },
): AsyncGenerator<string> {
  const line = copyLines(columns, nul);
  for await (const batch of rows) {
    let text = '';
    for (const row of batch) text += line(row);
    counted.rows += batch.length;
    if (text !== '') yield text;
  }
}

function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = '';
  shown.searchParams.delete('password');
  return shown.href;
}
