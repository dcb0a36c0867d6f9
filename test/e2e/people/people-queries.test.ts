import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DuckDbReader } from '../../support/sinks/duckdb-reader.ts';
import { person, withPeople } from '../../support/workspaces/people-workspace.ts';

let duckDb: DuckDbReader;
beforeAll(async () => {
  duckDb = await DuckDbReader.open();
});
afterAll(() => duckDb.close());

const numbers = (rows: readonly Readonly<Record<string, unknown>>[]): readonly (readonly unknown[])[] =>
  rows.map((row) => Object.values(row).map((value) => (typeof value === 'bigint' ? Number(value) : value)));

it('the queries of docs/analytics.md about people are right over several runs', async () => {
  const document = await readFile(join(import.meta.dirname, '../../../docs/analytics.md'), 'utf8');
  const [, ofBots = ''] = /```sql\n(-- bots against people[^]*?)```/.exec(document) ?? [];
  const [, ofRooms = ''] = /```sql\n(-- members of a channel[^]*?)```/.exec(document) ?? [];
  await withPeople(async ({ archive, workspace, room, post, run }) => {
    const query = (sql: string) => duckDb.query(sql);
    const tables = ['messages', 'users', 'room_members'] as const;
    const fields = { transform: { tables }, sinks: [{ format: 'parquet' }], extract: [{ rooms: ['ops'] }] } as const;
    post('ops', 'ana');
    post('ops', 'ana');
    post('ops', 'bot');
    post('ops', 'nobody-of-note');
    await run(fields);
    // One who turns out to be a bot, one who joins, and one who leaves.
    workspace.setUser(person('ana', { roles: ['bot'] }));
    room('ops').memberIds.add('bob');
    post('ops', 'bob');
    await run(fields);
    room('ops').memberIds.delete('bob');
    room('ops').memberIds.delete('bot');
    post('ops', 'bob');
    await run(fields);
    await query(`SET file_search_path = '${archive}'`);
    await query(await readFile(join(archive, '_view/schema/views.sql'), 'utf8'));
    expect(numbers(await query(ofBots))).toEqual([
      [false, 3],
      [true, 3],
    ]);
    expect(numbers(await query(ofRooms))).toEqual([
      [1, 'ops', 3],
      [2, 'ops', 4],
      [3, 'ops', 2],
    ]);
  });
});
