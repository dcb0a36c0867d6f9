import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../src/errors.ts';
import type { Row } from '../../../src/model/column.ts';
import { latest, tableToCopy } from '../../../src/snapshot/latest.ts';
import type { TableName } from '../../../src/model/table-name.ts';
import { fixtureRow, publishFixture, type FixtureRun, type TableRows } from '../../support/archives/revised-archive.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { sampleRun } from '../../support/archives/sample-run.ts';

const { server } = sampleRun(1).contents;

/** A run that was finished on that day of March. */
function finishedOn(
  day: number,
  tables: Partial<Record<TableName, TableRows>>,
  more: FixtureRun['says'] = {},
): FixtureRun {
  const finishedAt = `2024-03-${String(day).padStart(2, '0')}T00:00:00.000Z`;
  return { tables, sinks: [{ format: 'jsonl' }], says: { finishedAt, ...more } };
}

async function disks(archives: Readonly<Record<string, readonly FixtureRun[]>>): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  for (const [name, runs] of Object.entries(archives)) {
    await disk.makeFolder(`/${name}`);
    await publishFixture(disk, `/${name}`, runs);
  }
  return disk;
}

const message = (id: string, msg: string, run: number, fields: Row = {}): Row =>
  fixtureRow('messages', { message_id: id, room_id: 'r1', msg, op: 'upsert', run, ...fields });
const mention = (id: string, run: number, fields: Row = {}): Row =>
  fixtureRow('mentions', {
    message_id: id,
    room_id: 'r1',
    mention_id: 'ada',
    position: 0,
    op: 'upsert',
    run,
    ...fields,
  });

async function rowsOf(disk: MemoryDisk, table: TableName, ...archives: string[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const read = await latest(
    archives.map((name) => `/${name}`),
    { disk, table },
  );
  for await (const batch of read.rows) rows.push(...batch);
  return rows;
}

const texts = async (disk: MemoryDisk, ...archives: string[]): Promise<readonly unknown[]> =>
  (await rowsOf(disk, 'messages', ...archives)).map(
    ({ message_id: id, msg }) => `${JSON.stringify(id)} ${JSON.stringify(msg)}`,
  );

describe('several archives read as one', () => {
  it('have the current rows of each, archive by archive', async () => {
    const disk = await disks({
      a: [
        finishedOn(1, { messages: { first: [message('a1', 'old', 1), message('a2', 'same', 1)] } }),
        finishedOn(2, { messages: { revising: [message('a1', 'new', 2)] } }),
      ],
      b: [finishedOn(1, { messages: { first: [message('b1', 'other', 1)] } })],
    });
    expect(await texts(disk, 'b', 'a')).toEqual(['"b1" "other"', '"a2" "same"', '"a1" "new"']);
  });

  it('have of what is in both the row of the run that was finished last, whatever its number', async () => {
    const disk = await disks({
      a: [
        finishedOn(1, { messages: { first: [message('m', 'a1', 1)] } }),
        finishedOn(2, { messages: { revising: [message('m', 'a2', 2)] } }),
        finishedOn(4, { messages: { first: [message('n', 'a3', 3)] } }),
      ],
      b: [finishedOn(3, { messages: { first: [message('m', 'b1', 1), message('n', 'b1', 1)] } })],
    });
    for (const order of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      expect([...(await texts(disk, ...order))].sort()).toEqual(['"m" "b1"', '"n" "a3"']);
    }
  });

  it('have nothing of what the later one says is gone, unless it was moved to a room of the other', async () => {
    const gone = (id: string): Row => message(id, '', 2, { op: 'delete', msg: null });
    const disk = await disks({
      a: [
        finishedOn(1, { messages: { first: [message('m', 'a1', 1), message('moved', 'a1', 1)] } }),
        finishedOn(4, { messages: { revising: [gone('m'), gone('moved')] } }),
      ],
      b: [
        finishedOn(3, { messages: { first: [message('m', 'b1', 1), message('moved', 'b1', 1, { room_id: 'r2' })] } }),
      ],
    });
    expect(await texts(disk, 'a', 'b')).toEqual(['"moved" "b1"']);
  });

  it('have elements of the newest version of a message only, also where it never had any', async () => {
    const disk = await disks({
      a: [finishedOn(1, { messages: { first: [message('m', 'hi @ada', 1)] }, mentions: { first: [mention('m', 1)] } })],
      b: [finishedOn(2, { messages: { first: [message('m', 'hi', 1)] }, mentions: {} })],
    });
    expect(await rowsOf(disk, 'mentions', 'a')).toHaveLength(1);
    expect(await rowsOf(disk, 'mentions', 'a', 'b')).toEqual([]);
  });

  it('take people by their id', async () => {
    const user = (name: string): Row => fixtureRow('users', { user_id: 'u1', username: name, op: 'upsert', run: 1 });
    const disk = await disks({
      a: [finishedOn(2, { users: { first: [user('ada')] } })],
      b: [finishedOn(1, { users: { first: [user('byron')] } })],
    });
    expect((await rowsOf(disk, 'users', 'a', 'b')).map(({ username }) => username)).toEqual(['ada']);
  });

  it('have the columns that any of them has, and tables that one of them lacks', async () => {
    const disk = await disks({
      a: [{ ...finishedOn(1, { messages: { first: [message('a', 'a', 1)] } }), without: ['alias'] }],
      b: [
        finishedOn(2, {
          messages: { first: [message('b', 'b', 1, { alias: 'Bot' })] },
          mentions: { first: [mention('b', 1)] },
        }),
      ],
    });
    expect((await rowsOf(disk, 'messages', 'a', 'b')).map(({ alias }) => alias)).toEqual([null, 'Bot']);
    expect(await rowsOf(disk, 'mentions', 'a', 'b')).toHaveLength(1);
    await expect(rowsOf(disk, 'reactions', 'a', 'b')).rejects.toBeInstanceOf(UsageError);
  });

  it('select by names that any of them knows', async () => {
    const named = (id: string, name: string): Row => message(id, name, 1, { room_id: name, room_name: name });
    const disk = await disks({
      a: [finishedOn(1, { messages: { first: [named('a', 'ops')] } })],
      b: [finishedOn(2, { messages: { first: [named('b', 'dev')] } })],
    });
    const read = await latest(['/a', '/b'], { disk, rooms: ['dev'] });
    const ids: unknown[] = [];
    for await (const batch of read.rows) ids.push(...batch.map(({ message_id: id }) => id));
    expect(ids).toEqual(['b']);
  });

  it('are of one workspace, and each named once', async () => {
    const elsewhere = { server: { ...server, url: 'https://other.example' } };
    const disk = await disks({
      a: [finishedOn(1, { messages: { first: [message('a', 'a', 1)] } })],
      b: [finishedOn(1, { messages: { first: [message('b', 'b', 1)] } }, elsewhere)],
    });
    await expect(latest(['/a', '/b'], { disk })).rejects.toThrow('expected one workspace');
    await expect(latest(['/a', '/a'], { disk })).rejects.toThrow('they are the same archive');
  });

  it('say which shards are missing', async () => {
    const shard = (index: number, count: number): FixtureRun['says'] => ({
      request: { host: null, user: null, roles: null, extract: [], tables: [], shard: { index, count } },
    });
    const rows = (id: string) => ({ messages: { first: [message(id, id, 1)] } });
    const disk = await disks({
      a: [finishedOn(1, rows('a'), shard(0, 4))],
      b: [finishedOn(1, rows('b'), shard(2, 4))],
      c: [finishedOn(1, rows('c'), shard(1, 2))],
    });
    const notes = async (...paths: string[]) => (await tableToCopy(paths, { disk })).notes;
    expect(await notes('/a', '/b')).toEqual([
      'Of 4 shards, counted from 0, shards 1, 3 are missing: their rooms are in none of these archives.',
    ]);
    expect((await notes('/a', '/c'))[0]).toMatch(/different ways: "\/a" \(0 of 4\), "\/c" \(1 of 2\)/);
  });
});
