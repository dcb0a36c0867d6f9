import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { loadArchive } from '../../src/database/load/load-archive.ts';
import { fenced, textOf } from '../docs/documents.ts';
import { publishRows, rowOf } from '../support/archives/rows-archive.ts';
import { expectLoaded, runsInDatabase } from '../support/databases/expect-loaded.ts';
import { changedMessages, newMessages } from '../support/databases/load-contract.ts';
import { queryDatabase } from '../support/databases/read-database.ts';
import { postgresPassword, startPostgres, type PostgresServer } from '../support/databases/start-postgres.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { runProgram } from '../support/program/program.ts';
import { here } from '../support/runs/run-here.ts';

const inFolder = temporaryFolder();
const sinks = [{ format: 'parquet' }] as const;
let server: PostgresServer;
let archive: string;
let archives = 0;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(() => {
  archive = inFolder(`archive-${(archives += 1)}`);
});

const database = async () => ({ kind: 'postgres', url: server.urlOf(await server.createDatabase()) }) as const;

describe('what PostgreSQL makes of values', () => {
  it('has U+FFFD for U+0000 and says how often, any year, and the longest texts, which are found by their words', async () => {
    const long = Array.from({ length: 400_000 }, (_, at) => `w${at}`).join(' ');
    const values = [
      { text: 'nul \0 here', extra: { 'k\0': ['\0', '\\u0000'] } },
      { text: 'far', ts: new Date('+012026-01-01T00:00:00.000Z') },
      { text: 'old', ts: new Date('-000099-01-01T00:00:00.000Z') },
      { text: `needle ${long}` },
      // More distinct words than a tsvector holds, as short as they can be.
      { text: Array.from({ length: 300_000 }, (_, at) => String.fromCodePoint(0x20000 + (at % 0xa000))).join(' ') },
    ];
    await publishRows(
      archive,
      [
        {
          table: 'messages',
          rows: values.map((fields, at) =>
            rowOf('messages', { message_id: `m${at}`, room_id: 'r', run: 1, ...fields }),
          ),
        },
      ],
      sinks,
    );
    const target = await database();
    expect(await loadArchive(archive, target, here)).toEqual({ links: 1, rows: 5, replaced: 2, newest: 1 });
    const found = await queryDatabase(
      target,
      'SELECT "text", "extra", "ts"::text FROM "messages" ORDER BY "message_id" LIMIT 3',
    );
    expect(found[0]).toMatchObject({ text: 'nul \ufffd here', extra: { 'k\ufffd': ['\ufffd', '\\u0000'] } });
    expect(found[1]?.['ts']).toMatch(/^12026-01-01 /);
    expect(found[2]?.['ts']).toMatch(/^0100-01-01 .* BC$/);
    const search = `FROM "latest_messages" WHERE "message_words"("text") @@ websearch_to_tsquery('simple', 'needle')`;
    expect(await queryDatabase(target, `SELECT "message_id" ${search}`)).toEqual([{ message_id: 'm3' }]);
  });

  it('finds words through the view by the index of the table', async () => {
    await publishRows(archive, newMessages(1), sinks);
    const target = await database();
    await loadArchive(archive, target, here);
    await queryDatabase(target, `ALTER DATABASE "${new URL(target.url).pathname.slice(1)}" SET enable_seqscan = off`);
    const plan = await queryDatabase(
      target,
      `EXPLAIN SELECT * FROM "latest_messages" WHERE "message_words"("text") @@ to_tsquery('simple', 'x')`,
    );
    expect(JSON.stringify(plan)).toContain('messages_words');
  });
});

it('finds by the query of docs/databases.md what it says', async () => {
  const [query = ''] = fenced(textOf('docs/databases.md'), 'sql');
  const rows = ['deploy failed', 'the deploy', 'Deploy of 3.2: FAILED!'].map((text, at) =>
    rowOf('messages', { message_id: `m${at}`, room_id: 'r', run: 1, text }),
  );
  await publishRows(archive, [{ table: 'messages', rows }], sinks);
  const target = await database();
  await loadArchive(archive, target, here);
  expect((await queryDatabase(target, query)).map(({ text }) => text)).toEqual([rows[0]?.['text'], rows[2]?.['text']]);
});

describe('a message with an id that is longer than an index of PostgreSQL holds', () => {
  const of = (run: number, ids: readonly string[], text = 'as it was') => ({
    table: 'messages' as const,
    rows: ids.map((id) => rowOf('messages', { message_id: id, room_id: 'r', run, text })),
  });
  // Not to be compressed. With what means something where bytes are written as text.
  const long = `\\x41\\${randomBytes(6000).toString('base64')} é`;

  it('stops neither its load nor those after it, into a database that is there or a new one', async () => {
    const [before, fresh] = [await database(), await database()];
    await publishRows(archive, [of(1, ['a', 'b'])], sinks);
    await loadArchive(archive, before, here);
    await publishRows(archive, [of(2, [long, `${long}2`, 'c'])], sinks);
    await loadArchive(archive, before, here);
    await publishRows(archive, [{ ...of(3, [long, 'a'], 'edited'), mayReplace: true as const }, of(3, ['d'])], sinks);
    for (const target of [before, fresh]) {
      await loadArchive(archive, target, here);
      expect(await loadArchive(archive, target, here)).toMatchObject({ links: 0, newest: 3 });
      await expectLoaded(archive, target, ['messages']);
      expect(await runsInDatabase(target)).toEqual([1, 2, 3]);
      const twice = `INSERT INTO "messages" SELECT * FROM "messages" WHERE "message_id" LIKE '%2'`;
      await expect(queryDatabase(target, twice)).rejects.toThrow('messages_key');
    }
  });
});

describe('a database of others', () => {
  const inSchemas = async (schemas: string) => {
    const { kind, url } = await database();
    const ask = (sql: string) => queryDatabase({ kind, url }, sql);
    const target = { kind, url: `${url}&options=${encodeURIComponent(`-c search_path=${schemas}`)}` } as const;
    return { ask, target };
  };

  it('takes an archive into a schema of its own, whatever lies in the others of the search path', async () => {
    await publishRows(archive, newMessages(1), sinks);
    const { ask, target } = await inSchemas('own,public');
    await ask('CREATE SCHEMA own; CREATE TABLE messages (x int); CREATE INDEX mentions_key ON messages (x)');
    await ask('CREATE VIEW latest_mentions AS SELECT 1 AS mine; CREATE TABLE _runs (y int)');
    expect(await loadArchive(archive, target, here)).toMatchObject({ rows: 40 });
    await expectLoaded(archive, target, ['messages', 'mentions']);
    expect(await ask('SELECT * FROM public.latest_mentions')).toEqual([{ mine: 1 }]);
    expect(await ask('SELECT count(*)::int FROM public.messages')).toEqual([{ count: 0 }]);
  });

  it('is told which schema is missing, and to make it', async () => {
    await publishRows(archive, newMessages(1), sinks);
    const { target } = await inSchemas('nowhere');
    await expect(loadArchive(archive, target, here)).rejects.toMatchObject({
      exitCode: 64,
      hint: expect.stringContaining('CREATE SCHEMA'),
    });
  });

  it('is refused where a view of theirs has the name of one of ours', async () => {
    await publishRows(archive, newMessages(1), sinks);
    const { ask, target } = await inSchemas('public');
    await ask('CREATE VIEW latest_messages AS SELECT 1 AS mine');
    await expect(loadArchive(archive, target, here)).rejects.toMatchObject({
      exitCode: 64,
      message: expect.stringContaining('a view "latest_messages" that is not of this program'),
    });
    expect(await ask('SELECT * FROM latest_messages')).toEqual([{ mine: 1 }]);
  });
});

it('goes on where a newer program has a column more, in the middle of a table that others have views of', async () => {
  await publishRows(archive, newMessages(1), sinks);
  const target = await database();
  await loadArchive(archive, target, here);
  const names = await queryDatabase(
    target,
    `SELECT string_agg(format('%I', attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'latest_messages'::regclass AND attname <> 'username'`,
  );
  const older = String(names[0]?.['string_agg']);
  await queryDatabase(
    target,
    `DROP VIEW latest_messages; ALTER TABLE messages DROP COLUMN username; CREATE VIEW latest_messages AS SELECT ${older} FROM messages; CREATE VIEW mine AS SELECT * FROM latest_messages`,
  );
  await publishRows(archive, newMessages(2), sinks);
  expect(await loadArchive(archive, target, here)).toMatchObject({ links: 1, newest: 2 });
  await publishRows(archive, changedMessages(3, 2), sinks);
  await loadArchive(archive, target, here);
  const current = await queryDatabase(
    target,
    `SELECT count("username")::int, count(*)::int AS "all" FROM latest_messages WHERE run = 2`,
  );
  expect(current).toEqual([{ count: expect.any(Number), all: 18 }]);
  expect(current[0]?.['count']).toBeGreaterThan(0);
  expect(await queryDatabase(target, 'SELECT count(*)::int FROM mine')).toEqual([{ count: 39 }]);
});

describe('two loads at once', () => {
  it('bring each run once', async () => {
    for (const run of [1, 2, 3]) await publishRows(archive, newMessages(run), sinks);
    const target = await database();
    const both = await Promise.all([1, 2].map(() => loadArchive(archive, target, here)));
    expect(both.reduce((sum, { links }) => sum + links, 0)).toBe(3);
    expect(await runsInDatabase(target)).toEqual([1, 2, 3]);
    await expectLoaded(archive, target, ['messages', 'mentions']);
  });
});

describe('the command', () => {
  const load = (to: string, env: Readonly<Record<string, string>> = {}) =>
    runProgram(['load', archive, '--to', to], { cwd: inFolder(), env });

  it('takes the password from PGPASSWORD, and none from its command line', async () => {
    await publishRows(archive, newMessages(1), sinks);
    const url = server.tcpUrlOf(await server.createDatabase());
    expect(await load(url, { PGPASSWORD: postgresPassword })).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('loaded 40 rows of 1 run; the database holds all 1 run'),
    });
    expect(await load(url, { PGPASSWORD: 'wrong' })).toMatchObject({
      code: 77,
      stderr: expect.stringMatching(/password authentication failed.*PGPASSWORD/s),
    });
    expect(await load(url)).toMatchObject({ code: 77 });
    const refused = await load(url.replace('archivist@', 'archivist:hunter22@'));
    expect(refused).toMatchObject({ code: 64, stderr: expect.stringContaining('PGPASSFILE') });
    expect(refused.stderr).not.toContain('hunter22');
  });

  it('says what it cannot reach, and what is not there', async () => {
    await publishRows(archive, newMessages(1), sinks);
    expect(await load('postgres://archivist@127.0.0.1:1/chat')).toMatchObject({
      code: 69,
      stderr: expect.stringContaining('Cannot reach "postgres://archivist@127.0.0.1:1/chat": connect ECONNREFUSED'),
    });
    expect(await load(server.urlOf('nowhere'))).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('database "nowhere" does not exist'),
    });
  });
});
