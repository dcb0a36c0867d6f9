import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { DatabaseTarget } from '../../../src/model/run/database-target.ts';
import { loadArchive, type LoadedArchive } from '../../../src/database/load/load-archive.ts';
import type { SinkEntry } from '../../../src/model/sink-options.ts';
import { purgeArchive } from '../../../src/purge/purge-archive.ts';
import { compactHere } from '../archives/compact-here.ts';
import { publishRows, rowOf, type RowsOfRun } from '../archives/rows-archive.ts';
import { here } from '../runs/run-here.ts';
import { expectLoaded, runsInDatabase } from './expect-loaded.ts';
import { nastyTableRows } from './nasty-table-rows.ts';
import { queryDatabase, readDatabaseTable } from './read-database.ts';

export interface ContractPlaces {
  /** A folder for an archive that is not there yet. */
  readonly archive: () => string;
  /** A database with nothing in it. */
  readonly target: () => Promise<DatabaseTarget>;
}

const parquet: readonly SinkEntry[] = [{ format: 'parquet' }];

const message = (id: string, run: number, more = {}) => ({
  message_id: id,
  room_id: `r${run % 2}`,
  run,
  op: 'upsert',
  ...more,
});

/** Messages with values of every kind, and what they mention. */
export const newMessages = (run: number, count = 20): readonly RowsOfRun[] => [
  { table: 'messages', rows: nastyTableRows('messages', count, (at) => message(`m${run}-${at}`, run)) },
  {
    table: 'mentions',
    rows: nastyTableRows('mentions', count, (at) => message(`m${run}-${at >> 1}`, run, { position: at & 1 })),
  },
];

/** The first of them edited, the second deleted. */
export const changedMessages = (run: number, of: number): readonly RowsOfRun[] => [
  {
    table: 'messages',
    mayReplace: true,
    rows: [
      ...nastyTableRows('messages', 1, () => message(`m${of}-0`, run, { text: 'edited' })),
      rowOf('messages', message(`m${of}-1`, run, { op: 'delete' })),
    ],
  },
  {
    table: 'mentions',
    mayReplace: true,
    rows: [0, 1].map((at) => rowOf('mentions', { ...message(`m${of}-${at}`, run), op: 'delete', position: null })),
  },
];

const reactions = (run: number): RowsOfRun => ({
  table: 'reactions',
  rows: nastyTableRows('reactions', 6, (at) => message(`m1-${at}`, run, { position: at })),
});

const load = (archive: string, target: DatabaseTarget): Promise<LoadedArchive> => loadArchive(archive, target, here);

/** What holds of every database, whichever it is. */
export function loadContract({ archive: folder, target: database }: ContractPlaces): void {
  it('holds each run once, value for value, with its edits and deletions, and a table that came later', async () => {
    const archive = folder();
    const target = await database();
    await publishRows(archive, newMessages(1), parquet);
    expect(await load(archive, target)).toMatchObject({ links: 1, rows: 40, newest: 1 });
    await publishRows(archive, [...newMessages(2), ...changedMessages(2, 1)], parquet);
    await publishRows(archive, [...newMessages(3, 5), reactions(3)], parquet);
    expect(await load(archive, target)).toMatchObject({ links: 2, rows: 40 + 4 + 16 });
    await expectLoaded(archive, target, ['messages', 'mentions', 'reactions']);
    expect(await load(archive, target)).toMatchObject({ links: 0, rows: 0, newest: 3 });
    await expectLoaded(archive, target, ['messages', 'mentions', 'reactions']);
    expect(await runsInDatabase(target)).toEqual([1, 2, 3]);
  });

  it.each([
    ['csv', { format: 'csv' }],
    ['csv', { format: 'csv', delimiter: ';' }],
    ['jsonl', { format: 'jsonl' }],
  ] as const)('reads an archive of %s only: %j', async (extension, sink) => {
    const archive = folder();
    const target = await database();
    await publishRows(archive, newMessages(1), [sink]);
    await publishRows(archive, changedMessages(2, 1), [sink]);
    await load(archive, target);
    if ('delimiter' in sink) expect((await readDatabaseTable(target, 'messages')).length).toBe(22);
    else await expectLoaded(archive, target, ['messages', 'mentions'], extension);
  });

  it('follows a job from one format to another', async () => {
    const archive = folder();
    const target = await database();
    await publishRows(archive, newMessages(1), [{ format: 'jsonl' }]);
    await load(archive, target);
    await publishRows(archive, newMessages(2), [{ format: 'jsonl' }, ...parquet]);
    await publishRows(archive, newMessages(3), parquet);
    await load(archive, target);
    const rows = await readDatabaseTable(target, 'messages');
    expect(rows.map(({ run }) => run).sort()).toEqual(
      [1, 2, 3].flatMap((run) => Array.from({ length: 20 }, () => run)),
    );
  });

  it('takes over nothing from a compaction that keeps all rows, and what runs after it bring', async () => {
    const archive = folder();
    const target = await database();
    await publishRows(archive, newMessages(1), parquet);
    await load(archive, target);
    await publishRows(archive, newMessages(2), parquet);
    expect(await compactHere(archive)).toMatchObject({ kind: 'compacted' });
    await publishRows(archive, newMessages(4), parquet);
    expect(await load(archive, target)).toMatchObject({ links: 3, rows: 40 + 40 });
    await expectLoaded(archive, target, ['messages', 'mentions']);
    expect(await compactHere(archive)).toMatchObject({ kind: 'compacted' });
    expect(await load(archive, target)).toMatchObject({ links: 1, rows: 0 });
    await expectLoaded(archive, target, ['messages', 'mentions']);
  });

  it('lets go of rows that a compaction with --latest or a purge took out, whenever it was loaded last', async () => {
    const archive = folder();
    const [before, later, fresh] = [await database(), await database(), await database()];
    await publishRows(archive, newMessages(1), parquet);
    await load(archive, before);
    await publishRows(archive, changedMessages(2, 1), parquet);
    await load(archive, later);
    await compactHere(archive, { keeps: 'latest' });
    await publishRows(archive, newMessages(4), parquet);
    await load(archive, later);
    await expectLoaded(archive, later, ['messages', 'mentions']);
    const target = { kind: 'messages', ids: ['m1-2', 'm4-3'] } as const;
    await purgeArchive(archive, target, { ...here, reason: 'erasure 17', by: 'DPO', random: () => 0.5 });
    await publishRows(archive, newMessages(6, 3), parquet);
    for (const one of [before, later, fresh]) {
      await load(archive, one);
      await expectLoaded(archive, one, ['messages', 'mentions']);
      expect(await runsInDatabase(one)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(await queryDatabase(one, `SELECT 1 FROM "messages" WHERE "message_id" IN ('m1-2', 'm4-3')`)).toEqual([]);
    }
  });

  it('never shows a message missing while it catches up: what a compaction took out was replaced by then', async () => {
    const archive = folder();
    const target = await database();
    await publishRows(archive, newMessages(1), parquet);
    await load(archive, target);
    await publishRows(archive, changedMessages(2, 1), parquet);
    await publishRows(archive, newMessages(3), parquet);
    await compactHere(archive, { keeps: 'latest' });
    // Three links and the rows of them in one transaction.
    const seen: number[] = [];
    await loadArchive(archive, target, { ...here, onProgress: (run) => seen.push(run) });
    expect(new Set(seen)).toEqual(new Set([4]));
    await expectLoaded(archive, target, ['messages', 'mentions']);
  });

  it('keeps what a transaction brought before one that fails, and nothing of that', async () => {
    const archive = folder();
    const target = await database();
    await publishRows(archive, newMessages(1), parquet);
    await publishRows(archive, newMessages(2), parquet);
    const path = join(archive, 'mentions/run-000002-0001.parquet');
    const bytes = readFileSync(path);
    appendFileSync(path, 'x');
    await expect(load(archive, target)).rejects.toMatchObject({ kind: 'difference' });
    expect(await runsInDatabase(target)).toEqual([1]);
    expect((await readDatabaseTable(target, 'messages')).length).toBe(20);
    writeFileSync(path, bytes);
    await load(archive, target);
    await expectLoaded(archive, target, ['messages', 'mentions']);
  });

  it('refuses a database of another archive, of the same one rewritten, and one that is ahead of it', async () => {
    const archive = folder();
    const other = folder();
    const target = await database();
    await publishRows(archive, newMessages(1), parquet);
    await publishRows(archive, newMessages(2), parquet);
    await publishRows(other, newMessages(1, 7), parquet);
    await load(archive, target);
    const refused = {
      kind: 'difference',
      message: expect.stringMatching(
        /the manifest of run 1 in the database has SHA-256 [0-9a-f]{64}, and in the archive [0-9a-f]{64}$/,
      ),
    };
    await expect(load(other, target)).rejects.toMatchObject(refused);
    // As a backup of the day before has it.
    rmSync(other, { recursive: true });
    renameSync(archive, other);
    await publishRows(archive, newMessages(1), parquet);
    await expect(load(archive, target)).rejects.toMatchObject({
      kind: 'difference',
      message: expect.stringMatching(/run 2 in the database .* there is none$/),
    });
  });

  it('refuses a database in which somebody else has such tables, and leaves it as it is', async () => {
    const archive = folder();
    const target = await database();
    await publishRows(archive, newMessages(1), parquet);
    await load(archive, target);
    await expect(
      (async () => {
        const taken = await database();
        await executeIn(taken, 'CREATE TABLE "mentions" ("mine" INTEGER)');
        await load(archive, taken);
      })(),
    ).rejects.toMatchObject({
      kind: 'usage',
      message: 'Cannot load to the database: it has a table "mentions" that is not of this program',
    });
    await executeIn(target, 'DROP VIEW "latest_mentions"; DROP TABLE "mentions"');
    await publishRows(archive, newMessages(2), parquet);
    await expect(load(archive, target)).rejects.toMatchObject({ kind: 'usage' });
    expect(await runsInDatabase(target)).toEqual([1]);
  });

  it('ends when it is asked to, with whole runs in the database', async () => {
    const archive = folder();
    const target = await database();
    await publishRows(archive, newMessages(1), parquet);
    await publishRows(archive, newMessages(2), parquet);
    const stop = new AbortController();
    const onProgress = (run: number): void => {
      if (run === 2) stop.abort();
    };
    await expect(loadArchive(archive, target, { ...here, signal: stop.signal, onProgress })).rejects.toMatchObject({
      kind: 'stopped',
    });
    expect(await runsInDatabase(target)).toEqual([1]);
    expect((await readDatabaseTable(target, 'messages')).length).toBe(20);
  });

  it('takes rows of one id twice from the first programs, and keys that a job has dropped', async () => {
    const archive = folder();
    const target = await database();
    const twice = nastyTableRows('messages', 2, () => message('m', 1));
    await publishRows(archive, [{ table: 'messages', rows: twice }], parquet, here.disk, 1);
    await publishRows(
      archive,
      [{ table: 'messages', rows: newMessages(2)[0]?.rows ?? [], columns: ['message_id', 'run', 'text'] }],
      parquet,
    );
    await load(archive, target);
    expect((await readDatabaseTable(target, 'messages')).length).toBe(22);
  });
}

async function executeIn(target: DatabaseTarget, sql: string): Promise<void> {
  const { withEngine } = await import('../../../src/database/with-engine.ts');
  await withEngine(target, here, (engine) => engine.execute(sql));
}
