import { expect, it } from '@jest/globals';
import { loadArchive } from '../../../src/database/load/load-archive.ts';
import { loadArchives } from '../../../src/database/load/load-archives.ts';
import type { DatabaseTarget } from '../../../src/model/run/database-target.ts';
import type { Shard } from '../../../src/model/run/shard.ts';
import type { TableName } from '../../../src/model/table-name.ts';
import type { Row } from '../../../src/model/column.ts';
import { purgeArchive } from '../../../src/purge/purge-archive.ts';
import { latest } from '../../../src/snapshot/latest.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { fixtureRow, publishFixture, type FixtureRun } from '../archives/revised-archive.ts';
import { sampleRun } from '../archives/sample-run.ts';
import { here } from '../runs/run-here.ts';
import type { ContractPlaces } from './load-contract.ts';
import { queryDatabase, readDatabaseTable } from './read-database.ts';

const { server } = sampleRun(1).contents;
const says = (day: number, shard?: Shard, url = server.url): NonNullable<FixtureRun['says']> => ({
  finishedAt: `2024-03-0${day}T00:00:00.000Z`,
  server: { ...server, url },
  ...(shard && { request: { host: null, user: null, roles: null, extract: [], tables: [], shard } }),
});
const message = (id: string, run: number, fields: Row = {}): Row =>
  fixtureRow('messages', { message_id: id, room_id: 'r1', op: 'upsert', run, ...fields });
const mention = (id: string, run: number): Row =>
  fixtureRow('mentions', { message_id: id, room_id: 'r1', position: 0, op: 'upsert', run });
const user = (username: string, run: number): Row =>
  fixtureRow('users', { user_id: 'u1', username, op: 'upsert', run });

/** Runs of two shards: the second knows the person later, and has a discussion that the first had before it was listed. */
const shards: readonly (readonly FixtureRun[])[] = [
  [
    {
      says: says(1, { index: 0, count: 2 }),
      tables: {
        messages: { first: [message('a1', 1), message('both', 1), message('moved', 1), message('gone', 1)] },
        mentions: { first: [mention('a1', 1), mention('both', 1)] },
        users: { first: [user('ada', 1)] },
      },
    },
    {
      says: says(4, { index: 0, count: 2 }),
      tables: {
        messages: { revising: ['moved', 'gone'].map((id) => message(id, 2, { op: 'delete' })) },
        mentions: {},
        users: {},
      },
    },
  ],
  [
    {
      says: says(3, { index: 1, count: 2 }),
      tables: {
        messages: {
          first: [message('b1', 1), message('both', 1), message('moved', 1, { room_id: 'r2' }), message('gone', 1)],
        },
        mentions: { first: [mention('b1', 1)] },
        users: { first: [user('ada.l', 1)] },
      },
    },
  ],
];
const tables = ['messages', 'mentions', 'users'] as const;

/**
 * What holds of every database that several archives were loaded into.
 *
 * @param variantIt what tries variants of what is held by cheaper tests
 */
export function unionContract(
  { archive: folder, target: database }: ContractPlaces,
  variantIt: (name: string, test: () => Promise<void>) => void = it,
): void {
  const publishAll = async (runsOf: readonly (readonly FixtureRun[])[]): Promise<readonly string[]> => {
    const archives: string[] = [];
    for (const runs of runsOf) {
      const archive = folder();
      await nodeDisk.makeFolder(archive);
      await publishFixture(nodeDisk, archive, runs);
      archives.push(archive);
    }
    return archives;
  };

  it('shows in its views what `latest` of them has, loaded together or each by its own run, in any order', async () => {
    const archives = await publishAll(shards);
    const [together, apart] = [await database(), await database()];
    const notes: string[] = [];
    await loadArchives(archives, together, { ...here, onNote: (note) => notes.push(note) });
    expect(notes).toEqual([]);
    for (const archive of [...archives].reverse()) await loadArchive(archive, apart, here);
    for (const target of [together, apart]) {
      for (const table of tables) {
        expect(await rowsOfView(target, table)).toEqual(await rowsOfLatest(archives, table));
      }
      expect((await readDatabaseTable(target, 'messages')).length).toBe(10);
      expect(await loadArchive(archives[0] ?? '', target, here)).toMatchObject({ links: 0, newest: 2 });
    }
    expect(await rowsOfView(together, 'users')).toEqual(['["u1","ada.l",null,1]']);
    expect(await rowsOfView(together, 'mentions')).toHaveLength(2);
    const runs = await queryDatabase(together, 'SELECT "archive", "run" FROM "_runs" ORDER BY "archive", "run"');
    expect(runs.map(({ archive, run }) => [Number(archive), Number(run)])).toEqual([
      [0, 1],
      [0, 2],
      [1, 1],
    ]);
  });

  variantIt('lets go of what a purge took out of one of them, and keeps the rows of the others', async () => {
    const archives = await publishAll(shards);
    const target = await database();
    await loadArchives(archives, target, here);
    const purged = { kind: 'messages', ids: ['a1'] } as const;
    await purgeArchive(archives[0] ?? '', purged, { ...here, reason: 'erasure', by: 'DPO', random: () => 0.5 });
    await loadArchives(archives, target, here);
    for (const table of tables) {
      expect(await rowsOfView(target, table)).toEqual(await rowsOfLatest(archives, table));
    }
    expect(await queryDatabase(target, `SELECT 1 FROM "messages" WHERE "message_id" = 'a1'`)).toEqual([]);
    expect((await readDatabaseTable(target, 'messages')).length).toBe(9);
  });

  it('refuses what is no part of it: another workspace, a shard that is there, the same archive twice', async () => {
    const [first = '', second = ''] = await publishAll(shards);
    const alone = [{ says: says(5), tables: { messages: { first: [message('c1', 1)] } } }];
    const again = [{ says: says(5, { index: 0, count: 2 }), tables: { messages: { first: [message('c1', 1)] } } }];
    const elsewhere = [
      {
        says: says(5, { index: 1, count: 2 }, 'https://other.example'),
        tables: { messages: { first: [message('c1', 1)] } },
      },
    ];
    const [whole = '', begun = '', other = ''] = await publishAll([alone, again, elsewhere]);
    const target = await database();
    await expect(loadArchives([first, other], target, here)).rejects.toThrow('expected one workspace');
    await expect(loadArchives([first, first], target, here)).rejects.toThrow('they are the same archive');
    await loadArchive(first, target, here);
    await expect(loadArchive(other, target, here)).rejects.toThrow('expected one workspace');
    await expect(loadArchive(begun, target, here)).rejects.toMatchObject({
      kind: 'difference',
      message: expect.stringMatching(/the first manifest of shard 0 of 2 in the database has SHA-256 /),
    });
    await expect(loadArchive(whole, target, here)).rejects.toMatchObject({ kind: 'difference' });
    expect((await readDatabaseTable(target, 'messages')).length).toBe(6);
    // One that is not split has its database for itself, whoever comes later.
    const own = await database();
    await loadArchive(whole, own, here);
    await expect(loadArchive(second, own, here)).rejects.toMatchObject({ kind: 'difference' });
    const notes: string[] = [];
    await loadArchives([first, whole], target, { ...here, onNote: (note) => notes.push(note) });
    expect(notes).toEqual([expect.stringContaining('split the workspace in different ways')]);
    expect(await rowsOfView(target, 'messages')).toEqual(await rowsOfLatest([first, whole], 'messages'));
  });
}

const shown = ({ message_id, user_id, username, room_id, run, position }: Readonly<Record<string, unknown>>): string =>
  JSON.stringify([message_id ?? user_id, username ?? room_id, position ?? null, Number(run)]);

async function rowsOfView(target: DatabaseTarget, table: TableName): Promise<readonly string[]> {
  return (await readDatabaseTable(target, table, `latest_${table}`)).map(shown).sort();
}

async function rowsOfLatest(archives: readonly string[], table: TableName): Promise<readonly string[]> {
  const rows: string[] = [];
  for await (const batch of (await latest(archives, { table })).rows) rows.push(...batch.map(shown));
  return rows.sort();
}
