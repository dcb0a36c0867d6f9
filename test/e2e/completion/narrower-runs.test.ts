import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { runReport } from '../../../src/cli/report/run/run-report.ts';
import type { Exchange } from '../../../src/demo/server/exchange.ts';
import { whyReadAgain } from '../../../src/load/ahead/why-read-again.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import type { Job } from '../../../src/job/job.ts';
import type { Row } from '../../../src/model/column.ts';
import type { TableName } from '../../../src/model/table-name.ts';
import { runJob } from '../../../src/pipeline.ts';
import { checkJob } from '../../../src/preview/check-job.ts';
import { latest } from '../../../src/snapshot/latest.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { jobFor } from '../../support/runs/run-here.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

type Entry = Job['extract'][number];
type Workspace = ReturnType<typeof createSampleWorkspace>;

interface Archives {
  readonly workspace: Workspace;
  readonly served: Awaited<ReturnType<typeof serveWorkspace>>;
  readonly job: (entry: Entry, tables: readonly TableName[], fields?: Partial<Job>) => Job;
  readonly run: (entry: Entry, tables: readonly TableName[], fields?: Partial<Job>) => Promise<Manifest>;
  /** Rows of a table, beside those of an archive that had all of it from the start. */
  readonly rows: (table: TableName, entry: Entry) => Promise<readonly [readonly string[], readonly string[]]>;
}

async function withArchives(use: (archives: Archives) => Promise<void>): Promise<void> {
  const workspace = createSampleWorkspace();
  const served = await serveWorkspace(workspace);
  await withArchive(async (folder) => {
    const archive = join(folder, 'changed');
    const job: Archives['job'] = (entry, tables, fields) =>
      jobFor(served.url, archive, {
        ...{ extract: [entry], transform: { tables }, sinks: [{ format: 'parquet' }] },
        ...fields,
      });
    await use({
      ...{ workspace, served, job },
      run: (...drawn) => runJob(job(...drawn), newProcess()),
      rows: async (table, entry) => {
        const output = join(folder, `whole-${table}`);
        await runJob(job(entry, ['messages', table], { output }), newProcess());
        return [await latestRows(archive, table), await latestRows(output, table)];
      },
    });
  }).finally(() => served.close());
}

async function latestRows(archive: string, table: TableName): Promise<readonly string[]> {
  const rows: string[] = [];
  for await (const batch of (await latest(archive, { table })).rows)
    rows.push(...batch.map((row: Row) => JSON.stringify([row['message_id'], row['position']])));
  return rows.sort();
}

/** Answers as the server does of a room that the login may not read (apps/meteor/app/api/server/v1/groups.ts). */
const refuse =
  (roomId: string | undefined) =>
  ({ endpoint, params, response }: Exchange): boolean => {
    if (!endpoint.endsWith('.messages') || params['roomId'] !== roomId) return false;
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        success: false,
        error: 'No such group [error-room-not-found]',
        errorType: 'error-room-not-found',
      }),
    );
    return true;
  };

const general: Entry = { rooms: ['general'] };
const period = (since: string, until: string | null) => ({
  sinceMs: Date.parse(since),
  untilMs: until === null ? null : Date.parse(until),
});

describe('a table that a run made of a part of a room', () => {
  const narrower: readonly (readonly [string, Entry])[] = [
    ['of pinned messages', { ...general, pinned: true }],
    ['of a period', { ...general, period: period('2020-01-01', '2021-01-01') }],
  ];
  longIt.each(narrower)('is completed when the job asks for all of it, and check says so: %s', async (_, entry) => {
    await withArchives(async ({ job, run, rows }) => {
      await run(general, ['messages']);
      await run(entry, ['messages', 'reactions']);
      const { notes } = await checkJob(job(general, ['messages', 'reactions']));
      const manifest = await run(general, ['messages', 'reactions']);
      const [found, expected] = await rows('reactions', general);
      expect(found).toEqual(expected);
      expect(expected.length).toBeGreaterThan(50);
      expect(manifest.coverage?.incomplete).toEqual([]);
      if (entry.pinned === true)
        expect(notes).toContainEqual(expect.stringMatching(/^reactions: .* reads one list again/));
      expect((await run(general, ['messages', 'reactions'])).notes).not.toContainEqual(
        expect.stringContaining('read again'),
      );
    });
  });

  longIt('is completed where the run before it read another period of the room without it', async () => {
    await withArchives(async ({ run, rows }) => {
      await run({ ...general, period: period('2024-01-01', null) }, ['messages']);
      await run({ ...general, period: period('2020-01-01', '2022-01-01') }, ['messages', 'mentions']);
      const manifest = await run(general, ['messages', 'mentions']);
      const [found, expected] = await rows('mentions', general);
      expect(found).toEqual(expected);
      expect(manifest.coverage?.incomplete).toEqual([]);
    });
  });

  longIt('is completed where a run without it read earlier messages, or all where it had pinned ones', async () => {
    await withArchives(async ({ run, rows }) => {
      await run({ ...general, period: period('2024-01-01', null) }, ['messages', 'mentions']);
      await run({ ...general, period: period('2020-01-01', null) }, ['messages']);
      const manifest = await run(general, ['messages', 'mentions']);
      const [found, expected] = await rows('mentions', general);
      expect(found).toEqual(expected);
      expect(manifest.coverage?.incomplete).toEqual([]);
    });
    await withArchives(async ({ run, rows }) => {
      await run({ ...general, pinned: true }, ['messages', 'reactions']);
      await run(general, ['messages']);
      await run(general, ['messages', 'reactions']);
      const [found, expected] = await rows('reactions', general);
      expect(found).toEqual(expected);
    });
  });

  longIt('is named while the job asks for a part only, with the rooms', async () => {
    await withArchives(async ({ run }) => {
      await run({ rooms: ['general', 'lunch-club'] }, ['messages']);
      const { coverage } = await run({ ...general, pinned: true }, ['messages', 'reactions']);
      expect(coverage?.incomplete).toEqual([
        expect.objectContaining({
          ...{ table: 'reactions', format: null, columns: null, runs: [] },
          rooms: [
            expect.objectContaining({ name: 'general', reason: 'not-asked' }),
            expect.objectContaining({ name: 'lunch-club', reason: 'not-asked' }),
          ],
        }),
      ]);
    });
  });
});

describe('a filter that a job has for one run', () => {
  longIt('takes out nothing that changed meanwhile, and what changed is there', async () => {
    await withArchives(async ({ workspace, run, rows }) => {
      await run(general, ['messages', 'reactions']);
      const room = workspace.roomsOf(sampleLogin.userId).find(({ name }) => name === 'general');
      const edited = room?.messages.map((message) => message.document()).find((one) => one['pinned'] !== true);
      if (room === undefined || edited === undefined) throw new Error('The sample has no such message');
      const now = new Date().toISOString();
      room.replace(storeMessage({ ...edited, msg: 'edited', editedAt: now, _updatedAt: now }));
      await run({ ...general, pinned: true }, ['messages', 'reactions'], { lookbackMs: 0 });
      for (const table of ['messages', 'reactions'] as const) {
        const [found, expected] = await rows(table, general);
        expect(found).toEqual(expected);
      }
      const { coverage } = await run(general, ['messages', 'reactions']);
      expect(coverage?.incomplete).toEqual([]);
    });
  });
});

describe('a room that nobody can read any more', () => {
  longIt('is named where a table that came later lacks it', async () => {
    await withArchives(async ({ run, workspace }) => {
      const both: Entry = { rooms: ['general', 'lunch-club'] };
      await run(both, ['messages']);
      workspace
        .roomsOf(sampleLogin.userId)
        .find(({ name }) => name === 'lunch-club')
        ?.memberIds.delete(sampleLogin.userId);
      for (let at = 0; at < 2; at++) {
        const { coverage, notes } = await run(both, ['messages', 'reactions']);
        expect(coverage?.incomplete).toEqual([
          {
            ...{ table: 'reactions', format: null, columns: null, runs: [] },
            because: expect.stringContaining('"lunch-club" is gone'),
            rooms: [expect.objectContaining({ name: 'lunch-club', reason: 'gone' })],
            roomCount: 1,
          },
        ]);
        expect(notes.filter((note) => note.includes('"reactions"'))).toHaveLength(1);
      }
    });
  });

  longIt.each(['gone', 'refused'] as const)(
    'is named where a backfill could not bring a column: %s',
    async (reason) => {
      await withArchives(async ({ job, run, workspace, served }) => {
        const both: Entry = { rooms: ['general', 'lunch-club'] };
        const markdown: Partial<Job> = { transform: { tables: ['messages'], md: 'json' }, backfill: true };
        const { userId } = sampleLogin;
        const room = workspace.roomsOf(userId).find(({ name }) => name === 'lunch-club');
        const since = { sinceMs: Date.UTC(2020, 0), untilMs: null };
        await run(both, ['messages'], { transform: { tables: ['messages'], steps: [{ kind: 'period', ...since }] } });
        if (reason === 'gone') room?.memberIds.delete(userId);
        else served.rules.intercept = refuse(room?.id);
        for (let at = 0; at < 2; at++) {
          const manifest = await run(both, ['messages'], markdown);
          const incomplete = manifest.coverage?.incomplete ?? [];
          expect(incomplete.map(({ columns, runs }) => [columns, runs])).toEqual([
            [['md'], [{ from: 1, to: 1 }]],
            [null, [{ from: 1, to: 1 }]],
          ]);
          for (const { rooms } of incomplete)
            expect(rooms).toEqual([expect.objectContaining({ name: 'lunch-club', reason })]);
          const notes = manifest.notes.filter((note) => note.startsWith('Not every room could be read again'));
          expect(notes).toEqual([expect.stringMatching(/"lunch-club".*lacks md of run 1,.*lacks some rows of run 1,/)]);
          expect(runReport(manifest, { archive: '', cwd: '', tookMs: 1 })).toContain(`in "lunch-club" (${reason})`);
        }
        expect(await whyReadAgain(nodeDisk, job(both, ['messages'], markdown))).toBeNull();
        room?.memberIds.add(userId);
        served.rules.intercept = null;
        expect((await run(both, ['messages'], markdown)).coverage?.incomplete).toEqual([]);
      });
    },
  );
});
