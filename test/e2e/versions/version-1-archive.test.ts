import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { readArchiveHistory } from '../../../src/snapshot/archive-history.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { runJob } from '../../../src/pipeline.ts';
import { purgeArchive } from '../../../src/purge/purge-archive.ts';
import { isReadableFormat } from '../../../src/readers/data-file.ts';
import { columnsOfFile } from '../../../src/readers/describe-data-file.ts';
import { storedColumns } from '../../../src/tables/stored-columns.ts';
import { schemaVersion } from '../../../src/tables/tables.ts';
import { foreignFrames } from '../../support/archives/foreign-reader.ts';
import { compactHere } from '../../support/archives/compact-here.ts';
import { DuckDbReader } from '../../support/sinks/duckdb-reader.ts';
import { Version1Workspace } from '../../support/workspaces/version-1-workspace.ts';
import { leapingClock } from '../../support/clocks/leaping-clock.ts';
import { currentMessages } from '../../support/runs/current-messages.ts';
import { fullJob, newProcess } from '../../support/runs/new-process.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

interface Continued {
  readonly archive: string;
  readonly workspace: Version1Workspace;
  readonly run: () => Promise<Manifest>;
}

const fixtures = join(import.meta.dirname, '../../fixtures/version-1');

/** Gives `use` a copy of an archive of the first program, and the workspace as it was after its last run. */
async function continued(name: 'published' | 'compacted', use: (it: Continued) => Promise<void>): Promise<void> {
  const workspace = new Version1Workspace();
  workspace.nextDay();
  workspace.nextDay();
  const served = await workspace.serve();
  await withArchive(async (archive) => {
    await cp(join(fixtures, name), archive, { recursive: true });
    const job = fullJob(served.url, archive, {
      name: 'nightly',
      transform: { tables: ['messages', 'mentions', 'reactions', 'rooms'] },
    });
    const run = (): Promise<Manifest> => runJob(job, newProcess({ clock: leapingClock(workspace.nowMs) }));
    await use({ archive, workspace, run });
  }).finally(() => served.close());
}

/** Rooms have more columns now: each gets a row with them. */
const idle = { messages: 0, mentions: 0, reactions: 0, rooms: 2 };

const lacking = {
  ...{ table: 'reactions', format: null, columns: ['user_id', 'thread_id', 'emoji_unicode', 'reactor_id'] },
  ...{ runs: [{ from: 2, to: 3 }], because: 'an older program wrote them, with fewer columns' },
};

const tables = ['messages', 'mentions', 'reactions', 'rooms'] as const;

/** By table the rows that DuckDB finds in all files of a format, as sorted lines of JSON; it reads `""` of CSV as null. */
async function valuesOf(
  duckDb: DuckDbReader,
  archive: string,
  format: 'parquet' | 'csv' | 'jsonl',
  options = '',
): Promise<Readonly<Record<string, readonly string[]>>> {
  const values: Record<string, readonly string[]> = {};
  for (const table of tables) {
    const pattern = `${archive}/${table}/*.${format}`;
    const [header] = await headersOf(archive, table, format);
    const stored = new Map((storedColumns.get(table) ?? []).map((column) => [column.name, column]));
    const columns = (JSON.parse(header ?? '[]') as string[]).flatMap((name) => stored.get(name) ?? []);
    const rows = {
      parquet: () => duckDb.query(`FROM read_parquet('${pattern}'${options})`),
      csv: () => duckDb.readCsv(pattern, columns),
      jsonl: () => duckDb.readJsonl(pattern, columns),
    };
    const plain = (_: string, value: unknown): unknown => (value === '' ? null : value);
    values[table] = (await rows[format]())
      .map((row) => Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))
      .map((cells) => JSON.stringify(cells, plain))
      .sort();
  }
  return values;
}

/** The different lists of columns that files of a table have, as JSON; JSONL without rows has none. */
async function headersOf(archive: string, table: string, format: string): Promise<readonly string[]> {
  const headers = new Set<string>();
  for (const { path, format: own, table: of } of (await readArchiveHistory(nodeDisk, archive)).files) {
    if (of !== table || own !== format || !isReadableFormat(own)) continue;
    const columns = await columnsOfFile(nodeDisk, { path: join(archive, path), format: own });
    if (columns !== null) headers.add(JSON.stringify(columns));
  }
  return [...headers];
}

/** Puts the third run back to where it was killed: committed, and none of it published. */
async function unpublishThirdRun(archive: string): Promise<void> {
  const manifestFile = join(archive, '_manifest/run-000003.json');
  const { files } = JSON.parse(await readFile(manifestFile, 'utf8')) as Manifest;
  const before = JSON.parse(await readFile(join(archive, '_manifest/run-000002.json'), 'utf8')) as { state: unknown };
  for (const { path } of files) {
    const part = join(archive, '_work/parts', path);
    await mkdir(dirname(part), { recursive: true });
    await rename(join(archive, path), part);
  }
  const sums = join(archive, '_manifest/SHA256SUMS');
  const lines = (await readFile(sums, 'utf8')).split('\n').filter((line) => !line.includes('run-000003'));
  await writeFile(sums, lines.join('\n'));
  await writeFile(join(archive, '_state.json'), `${JSON.stringify(before.state, null, 2)}\n`);
  await rename(manifestFile, join(archive, '_work/manifest.json'));
}

describe('an archive of format version 1', () => {
  longIt.each(['published', 'compacted'] as const)('is read and continued (%s)', async (name) => {
    await continued(name, async ({ archive, workspace, run }) => {
      expect((await verifyArchive(archive)).differences).toEqual([]);
      expect(await currentMessages(archive)).toEqual(workspace.truth);

      // What the room list showed then is known: no room is asked again.
      const idleRun = await run();
      expect(idleRun).toMatchObject({ lists: [], changes: [], unchanged: 4, tables: idle });
      expect(idleRun.coverage?.incomplete).toContainEqual(lacking);
      for (let day = 0; day < 2; day += 1) {
        workspace.nextDay();
        expect((await run()).gaps).toEqual([]);
        expect(await currentMessages(archive)).toEqual(workspace.truth);
        expect((await verifyArchive(archive)).differences).toEqual([]);
      }
    });
  });

  longIt.each(quickOrLong(['compacted'] as const, ['published', 'compacted'] as const))(
    'has, with newer files beside its own, the rows that the views of docs/tables.md show (%s)',
    async (name) => {
      const document = await readFile(join(import.meta.dirname, '../../../docs/tables.md'), 'utf8');
      const views = [...document.matchAll(/^CREATE VIEW latest_[^;]*;/gm)].map(([view]) => view);
      expect(views).toHaveLength(3);
      const duckDb = await DuckDbReader.open();
      await continued(name, async ({ archive, workspace, run }) => {
        for (let day = 0; day < 2; day += 1) {
          workspace.nextDay();
          await run();
        }
        for (const view of views) await duckDb.query(view.replaceAll("'output/demo", `'${archive}`));
        const messages = await duckDb.query('SELECT room_id, message_id, msg FROM latest_messages');
        expect(messages.map((row) => Object.values(row).map(String).join(' ')).toSorted()).toEqual(workspace.truth);
        const mentions = await duckDb.query('SELECT room_id, message_id FROM latest_mentions_since_version_1');
        const mentioned = workspace.truth.map((line) => line.split(' ', 2).join(' '));
        expect(mentions.map((row) => Object.values(row).map(String).join(' ')).toSorted()).toEqual(mentioned);
      }).finally(() => duckDb.close());
    },
  );

  longIt.each(quickOrLong(['latest'] as const, ['all', 'latest'] as const))(
    'is rewritten by a compaction that keeps %s rows',
    async (keeps) => {
      await continued('published', async ({ archive, workspace, run }) => {
        await compactHere(archive, { keeps });
        expect((await verifyArchive(archive)).differences).toEqual([]);
        expect(await currentMessages(archive)).toEqual(workspace.truth);
        workspace.nextDay();
        await run();
        await compactHere(archive, { keeps });
        expect((await verifyArchive(archive)).differences).toEqual([]);
        expect(await currentMessages(archive)).toEqual(workspace.truth);
      });
    },
  );

  longIt.each(quickOrLong(['all'] as const, ['all', 'latest'] as const))(
    'reads as one schema in every format once a compaction that keeps %s rows has rewritten it, with the same values',
    async (keeps) => {
      const duckDb = await DuckDbReader.open();
      await continued('published', async ({ archive, workspace, run }) => {
        for (let day = 0; day < 2; day += 1) {
          workspace.nextDay();
          await run();
        }
        const before = await valuesOf(duckDb, archive, 'parquet', ', union_by_name = true');
        expect(await headersOf(archive, 'messages', 'csv')).toHaveLength(2);
        await compactHere(archive, { keeps });
        expect((await verifyArchive(archive)).differences).toEqual([]);
        for (const table of tables) {
          for (const format of ['parquet', 'csv', 'jsonl']) {
            expect(await headersOf(archive, table, format)).toHaveLength(1);
          }
        }
        const parquet = await valuesOf(duckDb, archive, 'parquet', '');
        if (keeps === 'all') expect(parquet).toEqual(before);
        else
          for (const table of tables)
            expect(before[table]).toEqual(expect.arrayContaining([...(parquet[table] ?? [])]));
        expect(await valuesOf(duckDb, archive, 'jsonl')).toEqual(parquet);
        expect(await valuesOf(duckDb, archive, 'csv')).toEqual(parquet);
        expect(await currentMessages(archive)).toEqual(workspace.truth);
        expect(await compactHere(archive, { keeps: 'all' })).toMatchObject({ kind: 'nothing-to-do' });

        const { files } = await readArchiveHistory(nodeDisk, archive);
        expect(files.filter((file) => file.rows > 0 && file.schemaVersion !== schemaVersion)).toEqual([]);
        workspace.nextDay();
        expect((await run()).gaps).toEqual([]);
        expect(await currentMessages(archive)).toEqual(workspace.truth);
      }).finally(() => duckDb.close());
    },
  );

  longIt('whose last run was committed and not published is brought to its end', async () => {
    await continued('published', async ({ archive, workspace, run }) => {
      await unpublishThirdRun(archive);
      expect((await verifyArchive(archive)).differences).toEqual([]);
      expect((await run()).run).toBe(4);
      expect((await verifyArchive(archive)).differences).toEqual([]);
      expect(await currentMessages(archive)).toEqual(workspace.truth);
    });
  });

  it('whose state file is gone is continued from its newest manifest', async () => {
    await continued('published', async ({ archive, workspace, run }) => {
      expect(await currentMessages(archive)).toEqual(workspace.truth);
      await rm(join(archive, '_state.json'));
      const idleRun = await run();
      expect(idleRun.tables).toEqual(idle);
      expect(idleRun.coverage?.incomplete).toContainEqual(lacking);
      workspace.nextDay();
      expect((await run()).gaps).toEqual([]);
      expect(await currentMessages(archive)).toEqual(workspace.truth);
      expect((await verifyArchive(archive)).differences).toEqual([]);
    });
  });

  it('is purged, also of the journals that were kept before they were compressed', async () => {
    await withArchive(async (archive) => {
      await cp(join(fixtures, 'published'), archive, { recursive: true });
      const ids = ['alpha-1'];
      const done = await purgeArchive(
        archive,
        { kind: 'messages', ids },
        { ...newProcess(), reason: 'test', by: 'test' },
      );
      const name = '_raw/run-000001/0001-groups.messages-alpha-id';
      const journals = done.kind === 'purged' ? done.manifest.raw.map(({ path }) => path) : [];
      expect(journals).toContain(`${name}.purged-000004.pages.gz`);
      const [page] = foreignFrames(join(archive, `${name}.purged-000004.pages.gz`));
      expect(page?.body).toContain('{"_id":"alpha-1","purged":4}');
      expect(await nodeDisk.sizeBytes(join(archive, `${name}.pages`))).toBeUndefined();
      expect((await verifyArchive(archive)).differences).toEqual([]);
    });
  });
});
