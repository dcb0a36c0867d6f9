import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import type { Job } from '../../../src/job/job.ts';
import type { TableName } from '../../../src/model/table-name.ts';
import { runJob } from '../../../src/pipeline.ts';
import { readDataFile } from '../../../src/readers/read-data-file.ts';
import { latest } from '../../../src/snapshot/latest.ts';
import { storedColumns } from '../../../src/tables/stored-columns.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { messageHistory } from '../../../src/transcript/message-history.ts';
import { searchArchive } from '../../../src/transcript/search-archive.ts';
import { compactHere } from '../../support/archives/compact-here.ts';
import { livePaths } from '../../support/archives/rows-archive.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { jobFor } from '../../support/runs/run-here.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const tables: readonly TableName[] = [
  ...(['messages', 'message_versions', 'mentions', 'reactions', 'attachments', 'links'] as const),
  ...(['rooms', 'users', 'room_members'] as const),
];
const key = 'a key of sixteen or more';
const pseudonymous: Partial<Job> = { transform: { tables, steps: [{ kind: 'pseudonymize', key }] }, backfill: true };

type Run = (fields?: Partial<Job>) => Promise<Manifest>;

async function withRuns(use: (run: Run, archive: string, chat: Workspace) => Promise<void>): Promise<void> {
  const chat = createSampleWorkspace();
  const served = await serveWorkspace(chat);
  const job = {
    extract: [{ rooms: ['general'] }, { endpoint: 'im.messages', rooms: ['*'] }],
    transform: { tables },
    sinks: [{ format: 'parquet' }],
  } as const;
  await withArchive((archive) =>
    use((fields) => runJob(jobFor(served.url, archive, { ...job, ...fields }), newProcess()), archive, chat),
  ).finally(() => served.close());
}

const runColumns = new Set(['run', 'first_run', 'last_run', 'exported_at']);

/** By table the current rows without the numbers of runs, sorted. */
async function current(archive: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const found: Record<string, readonly string[]> = {};
  for (const table of tables) {
    const rows: string[] = [];
    for await (const batch of (await latest(archive, { table })).rows) {
      for (const row of batch) rows.push(JSON.stringify(Object.entries(row).filter(([name]) => !runColumns.has(name))));
    }
    found[table] = rows.sort();
  }
  return found;
}

/** By table all rows of its files. */
async function stored(archive: string): Promise<Readonly<Record<string, number>>> {
  const rows: Record<string, number> = {};
  for (const path of await livePaths(archive)) {
    const table = path.split('/')[0] ?? '';
    const columns = (storedColumns.get(table) ?? []).map((column) => ({ ...column, nullable: true }));
    rows[table] ??= 0;
    for await (const batch of readDataFile(nodeDisk, { path: join(archive, path), format: 'parquet' }, columns)) {
      rows[table] = (rows[table] ?? 0) + batch.length;
    }
  }
  return rows;
}

function counts(rows: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(rows).map(([table, { length }]) => [table, length]));
}

describe('people who are pseudonymized later, with `backfill`', () => {
  longIt(
    'stand by their names in no current row, view, history or search, and after compact --latest in no file',
    async () => {
      await withRuns(async (run, archive) => {
        await run();
        const names = new Set(
          (await current(archive))['users']?.map((row) => String(new Map(JSON.parse(row) as []).get('username'))),
        );
        const { coverage } = await run(pseudonymous);
        const because = expect.stringMatching(/they are not current any more, .* `compact --latest` removes them$/);
        const filled = [...tables].sort().filter((table) => table !== 'message_versions');
        expect(coverage?.outdated).toEqual(filled.map((table) => ({ table, runs: [{ from: 1, to: 1 }], because })));

        await withRuns(async (runWhole, whole) => {
          await runWhole(pseudonymous);
          const fresh = await current(whole);
          expect(await current(archive)).toEqual(fresh);
          const views = readFileSync(join(archive, '_view/schema/views.sql'), 'utf8');
          expect(views).not.toContain('run-000001');
          expect(views).not.toContain('users/**');

          const [first] = fresh['messages'] ?? [];
          const id = String(new Map(JSON.parse(first ?? '') as []).get('message_id'));
          const { versions } = (await messageHistory(archive, id)) ?? { versions: [] };
          expect(versions.map(({ by }) => by).filter((by) => by !== null && names.has(by))).toEqual([]);
          for await (const { author } of (await searchArchive(archive, 'the')).messages)
            expect(names).not.toContain(author);

          await compactHere(archive, { keeps: 'latest' });
          expect(await stored(archive)).toEqual(counts(fresh));
          expect(await current(archive)).toEqual(fresh);
        });
        expect((await run(pseudonymous)).coverage?.outdated).toEqual([]);
      });
    },
  );

  longIt(
    'are in no current row of a room that is gone, of a table that is made no more, or by another key',
    async () => {
      await withRuns(async (run, archive, chat) => {
        await run({ transform: { tables, steps: [{ kind: 'pseudonymize', key: `another ${key}` }] } });
        const gone = chat.rooms.find(({ name }) => name === 'general');
        chat.removeRoom(gone?.id ?? '');
        const { run: last } = await run({
          ...pseudonymous,
          transform: { ...pseudonymous.transform, tables: ['messages'] },
        });
        for await (const rows of (await latest(archive)).rows) {
          for (const row of rows) expect(row).toMatchObject({ run: last });
        }
        await expect(latest(archive, { table: 'users' })).rejects.toThrow('Cannot read the table "users"');
        await compactHere(archive, { keeps: 'latest' });
        const { messages, ...others } = await stored(archive);
        expect(messages).toBeGreaterThan(0);
        expect(Object.values(others).filter((rows) => rows > 0)).toEqual([]);
      });
    },
  );
});
