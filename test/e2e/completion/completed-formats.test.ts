import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { appendFile, cp, writeFile } from 'node:fs/promises';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import type { Row } from '../../../src/model/column.ts';
import type { Job } from '../../../src/job/job.ts';
import type { SinkEntry } from '../../../src/model/sink-options.ts';
import { archiveContents } from '../../support/archives/archive-contents.ts';
import { compactHere } from '../../support/archives/compact-here.ts';
import { latest } from '../../../src/snapshot/latest.ts';
import { checkJob } from '../../../src/preview/check-job.ts';
import { planJob } from '../../../src/preview/plan-job.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { readArchiveHistory } from '../../../src/snapshot/archive-history.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { rowsInArchive } from '../../support/archives/rows-archive.ts';
import { withChangingArchive, type ChangingArchive } from '../../support/runs/changing-archive.ts';
import { liveADay, runAtNight } from '../../support/runs/ten-nights.ts';

const longIt = quickOrLong(it.skip, it);

const tables = ['messages', 'mentions', 'reactions', 'attachments', 'links', 'rooms', 'message_versions'] as const;
const everyFormat: readonly SinkEntry[] = [
  { format: 'jsonl' },
  { format: 'parquet' },
  { format: 'csv' },
  { format: 'csv', compression: 'gzip' },
];

/** In each of them everything happens that can; the long suite has them all. */
const manyNights = quickOrLong(2, 10);

interface NightsOptions {
  readonly fields?: Partial<Job>;
  readonly nights?: number;
  /** Whether an archive that had every format from the start lives beside it. */
  readonly isCompared?: boolean;
}

/** Some nights, many at first, of an archive in some formats. */
async function withNights(
  sinks: readonly SinkEntry[],
  use: (archives: {
    readonly archive: ChangingArchive;
    readonly early: (fields?: Partial<Job>) => Job;
    readonly whole: (fields?: Partial<Job>) => Job;
  }) => Promise<void>,
  { fields = {}, nights = manyNights, isCompared = false }: NightsOptions,
): Promise<void> {
  await withChangingArchive('8.0.0', {}, async (archive) => {
    await withArchive(async (folder) => {
      const job =
        (name: string, own: readonly SinkEntry[]) =>
        (more: Partial<Job> = {}): Job => ({
          ...archive.job(),
          ...{ output: join(folder, name), sinks: own, transform: { tables } },
          ...fields,
          ...more,
        });
      const early = job('early', sinks);
      const whole = job('whole', everyFormat);
      for (let night = 1; night <= nights; night += 1) {
        liveADay(archive, night);
        await runAtNight(early(), night);
        if (isCompared) await runAtNight(whole(), night);
      }
      liveADay(archive, nights + 1);
      await use({ archive, early, whole });
    });
  });
}

/** Every row of every table in every format: whatever reads the archive finds the same. */
async function everyRow(archive: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const rows = await rowsInArchive(archive);
  return Object.fromEntries(
    Object.entries(rows)
      .map(([key, own]): [string, readonly string[]] => [key, own.map((row) => JSON.stringify(row)).sort()])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const withoutRun = (row: Row): Row => ({ ...row, run: null });

async function latestRows(archive: string, seen = (row: Row): Row => row): Promise<unknown> {
  const found: Record<string, readonly string[]> = {};
  for (const table of tables) {
    const rows: string[] = [];
    const { rows: batches } = await latest(archive, { table });
    for await (const batch of batches) rows.push(...batch.map((row) => JSON.stringify(seen(row))));
    found[table] = rows.sort();
  }
  return found;
}

async function expectWhole(archive: string, whole: string): Promise<void> {
  expect(await everyRow(archive)).toEqual(await everyRow(whole));
  expect(await latestRows(archive)).toEqual(await latestRows(whole));
  expect(await verifyArchive(archive)).toMatchObject({
    differences: [],
    notes: expect.not.arrayContaining([expect.stringContaining('do not agree')]),
  });
}

describe('a job of many runs that gets more formats', () => {
  // From JSONL in partitions, too, below.
  const sources: readonly (readonly [string, readonly SinkEntry[]])[] = [
    ['Parquet', [{ format: 'parquet' }]],
    ['CSV that nothing was changed in', [{ format: 'csv' }]],
  ];
  for (const [name, sinks] of quickOrLong(sources, [['JSONL', [{ format: 'jsonl' }]], ...sources])) {
    longIt(`has in each of them what an archive has that made them from the start, from ${name}`, async () => {
      await withNights(
        sinks,
        async ({ early, whole }) => {
          const manifest = await runAtNight(early({ sinks: everyFormat }), manyNights + 1);
          await runAtNight(whole(), manyNights + 1);
          expect(manifest.coverage?.incomplete).toEqual([]);
          await expectWhole(early().output, whole().output);
          expect(
            manifest.completed?.find(({ table, extension }) => table === 'messages' && extension === 'csv.gz'),
          ).toMatchObject({ runs: [{ from: 1, to: manyNights }] });
          const next = await runAtNight(early({ sinks: everyFormat }), manyNights + 2);
          expect(next.completed).toBeUndefined();
          expect(next.coverage?.incomplete).toEqual([]);
        },
        { isCompared: true },
      );
    });
  }

  longIt('has them in its partitions, in files of its length, with a column that it dropped left away', async () => {
    const fields: Partial<Job> = {
      partition: 'month',
      rowsPerFile: 7,
      transform: { tables, steps: [{ kind: 'dropColumns', columns: ['msg'] }] },
    };
    await withNights(
      [{ format: 'jsonl' }],
      async ({ early, whole }) => {
        await runAtNight(early({ sinks: everyFormat }), manyNights + 1);
        await runAtNight(whole(), manyNights + 1);
        await expectWhole(early().output, whole().output);
      },
      { fields, isCompared: true },
    );
  });

  longIt('has them after a compaction, and one that was left out for some runs has those', async () => {
    await withNights(
      [{ format: 'jsonl' }],
      async ({ archive, early, whole }) => {
        const both = early({ sinks: [{ format: 'jsonl' }, { format: 'parquet' }] });
        await runAtNight(both, manyNights + 1);
        await runAtNight(whole(), manyNights + 1);
        liveADay(archive, manyNights + 2);
        await runAtNight(early(), manyNights + 2);
        await runAtNight(whole(), manyNights + 2);
        await compactHere(early().output);
        liveADay(archive, manyNights + 3);
        const manifest = await runAtNight(both, manyNights + 3);
        expect(manifest.completed?.find(({ table }) => table === 'messages')).toMatchObject({
          extension: 'parquet',
          runs: [{ from: manyNights + 2, to: manyNights + 2 }],
        });
        liveADay(archive, manyNights + 4);
        await compactHere(early().output, { keeps: 'latest' });
        const all = await runAtNight(early({ sinks: everyFormat }), manyNights + 4);
        expect(all.coverage?.incomplete).toEqual([]);
        await runAtNight(whole(), manyNights + 4);
        // A compaction takes a number of the chain.
        expect(await latestRows(early().output, withoutRun)).toEqual(await latestRows(whole().output, withoutRun));
        const report = await verifyArchive(early().output);
        expect(report.differences).toEqual([]);
        for (const formats of Object.values(report.formats)) expect(new Set(Object.values(formats)).size).toBe(1);
      },
      { isCompared: true },
    );
  });
});

describe('a run that completes formats and is cut', () => {
  longIt('ends with the same bytes when it is run again, wherever it was', async () => {
    const sinks = [{ format: 'jsonl' }] as const;
    await withNights(
      sinks,
      async ({ early }) => {
        const job = (name: string): Job => early({ sinks: everyFormat, output: `${early().output}-${name}` });
        const copied = async (name: string): Promise<Job> => {
          await cp(early().output, job(name).output, { recursive: true });
          return job(name);
        };
        const counting = faultDisk(nodeDisk, 'fails', Number.POSITIVE_INFINITY);
        const unbroken = await copied('unbroken');
        await runAtNight(unbroken, 4, { disk: counting.disk });
        const expected = await archiveContents(nodeDisk, unbroken.output);
        const steps = counting.steps();
        expect(steps).toBeGreaterThan(100);
        for (const share of quickOrLong([0.5, 0.99], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99])) {
          const fault = share * 10 === 5 ? 'fails-within' : 'dies-within';
          const cut = await copied(String(share));
          const { disk } = faultDisk(nodeDisk, fault, Math.floor(steps * share));
          await expect(runAtNight(cut, 4, { disk })).rejects.toThrow();
          // A run that was committed is published by the next one, which is another run.
          const manifest = await runAtNight(cut, 4);
          if (manifest.run === 4) expect(await archiveContents(nodeDisk, cut.output)).toEqual(expected);
          expect(await verifyArchive(cut.output)).toMatchObject({ differences: [] });
          const { runs } = await readArchiveHistory(nodeDisk, cut.output);
          expect(runs.flatMap(({ completed }) => completed)).toHaveLength(expectedCompletions);
        }
      },
      { nights: 3 },
    );
  });
});

/** Seven tables, one of them without rows, in three formats. */
const expectedCompletions = 18;

/** The current messages as one format alone has them: of each the row of the newest run. */
async function currentLines(archive: string, extension: string): Promise<readonly string[]> {
  const rows = (await rowsInArchive(archive))[`messages ${extension}`] ?? [];
  const current = new Map(
    rows.toSorted((a, b) => Number(a['run']) - Number(b['run'])).map((row) => [row['message_id'], row]),
  );
  return [...current.values()]
    .filter(({ op }) => op !== 'delete')
    .map((row) => JSON.stringify(withoutRun(row)))
    .sort();
}

describe('rows of earlier runs that cannot be taken from the archive', () => {
  longIt('are named when people in them were not pseudonymized yet, and stay away', async () => {
    await withNights(
      [{ format: 'jsonl' }],
      async ({ early }) => {
        const steps = [{ kind: 'pseudonymize', key: 'a key of sixteen or more' }] as const;
        const secret = { sinks: everyFormat, transform: { tables, steps } };
        const manifest = await runAtNight(early(secret), 3);
        expect(manifest.completed).toBeUndefined();
        expect(manifest.coverage?.incomplete).toContainEqual({
          ...{ table: 'messages', format: 'parquet', columns: null, runs: [{ from: 1, to: 2 }] },
          because: 'they were written before the job said `pseudonymize`, or with another key',
        });
        expect(manifest.notes).toContainEqual(
          expect.stringContaining('"messages" as parquet lacks the rows of runs 1 to 2'),
        );
        const next = await runAtNight(early(secret), 4);
        expect(next.coverage?.incomplete).toEqual(manifest.coverage?.incomplete);
      },
      { nights: 2 },
    );
  });

  longIt("are those that a new step of one's own, which may hide texts, has not seen", async () => {
    await withNights(
      [{ format: 'jsonl' }],
      async ({ early }) => {
        const cwd = dirname(early().output);
        await writeFile(
          join(cwd, 'hide.mjs'),
          'export default () => (message) => ({ ...message, msg: "hidden", text: "hidden" });',
        );
        const plugin = { use: './hide.mjs', cwd, options: {}, writtenOptions: {} };
        const job = early({ sinks: everyFormat, transform: { tables, steps: [{ kind: 'use', plugin }] } });
        const manifest = await runAtNight(job, 3);
        expect(manifest.completed ?? []).toEqual([]);
        expect(manifest.coverage?.incomplete).toContainEqual({
          ...{ table: 'messages', format: 'parquet', columns: null, runs: [{ from: 1, to: 2 }] },
          because: 'they were written before the job had the step "./hide.mjs", or with other options of it',
        });
      },
      { nights: 2 },
    );
  });

  longIt(
    'are read again from the server where only CSV for spreadsheets has them, once, and check and plan say so before',
    async () => {
      await withNights(
        [{ format: 'csv', excelSafe: true }],
        async ({ archive, early, whole }) => {
          const job = early({ sinks: [{ format: 'csv', excelSafe: true }, { format: 'jsonl' }] });
          const ahead = expect.stringMatching(
            /^Every room is read again from its beginning: "messages" as jsonl lacks .*excelSafe/,
          );
          const plan = await planJob(job);
          expect(plan.completes).toContainEqual(ahead);
          expect((await checkJob(job)).notes).toContainEqual(ahead);
          expect(plan.total.messages).toBeGreaterThan((await planJob(early())).total.messages);
          // What dies behind the link that says so has nothing left to say.
          const { disk } = faultDisk(nodeDisk, 'dies-within', 60);
          await expect(runAtNight(job, 3, { disk })).rejects.toThrow();
          const manifest = await runAtNight(job, 3);
          await runAtNight(whole(), 3);
          expect(manifest.coverage?.incomplete).toEqual([
            expect.objectContaining({
              ...{ table: 'messages', format: 'jsonl' },
              because: expect.stringContaining('every room was read again since'),
            }),
          ]);
          expect(await currentLines(job.output, 'jsonl')).toEqual(await currentLines(whole().output, 'jsonl'));
          liveADay(archive, 4);
          const next = await runAtNight(job, 4);
          await runAtNight(whole(), 4);
          expect(next.run).toBe(manifest.run + 1);
          expect(next.tables['messages']).toBeLessThan(manifest.tables['messages'] ?? 0);
          expect(await currentLines(job.output, 'jsonl')).toEqual(await currentLines(whole().output, 'jsonl'));
          expect((await planJob(job)).completes).toEqual([]);
        },
        { nights: 2, isCompared: true },
      );
    },
  );

  longIt('are copied from JSONL where a Parquet file of the same run is damaged', async () => {
    await withNights(
      [{ format: 'jsonl' }, { format: 'parquet' }],
      async ({ early }) => {
        const file = join(early().output, 'messages/run-000001-0001.parquet');
        await cp(file, `${early().output}.saved`);
        await appendFile(file, 'x');
        const manifest = await runAtNight(early({ sinks: everyFormat }), 3);
        await cp(`${early().output}.saved`, file);
        expect(manifest.coverage?.incomplete).toEqual([]);
        const rows = await rowsInArchive(early().output);
        expect(rows['messages csv']).toEqual(rows['messages jsonl']);
      },
      { nights: 2 },
    );
  });

  longIt('are those of a damaged file, and come when it is restored', async () => {
    await withNights(
      [{ format: 'jsonl' }],
      async ({ early }) => {
        const job = early({ sinks: [{ format: 'jsonl' }, { format: 'parquet' }] });
        const file = join(job.output, 'links/run-000001-0001.jsonl');
        await cp(file, `${job.output}.saved`);
        await appendFile(file, '{}');
        const manifest = await runAtNight(job, 3);
        expect(manifest.coverage?.incomplete).toEqual([
          expect.objectContaining({ table: 'links', format: 'parquet', runs: [{ from: 1, to: 2 }] }),
        ]);
        await cp(`${job.output}.saved`, file);
        const next = await runAtNight(job, 4);
        expect(next.completed).toMatchObject([{ table: 'links', runs: [{ from: 1, to: 2 }] }]);
        expect(next.coverage?.incomplete).toEqual([]);
      },
      { nights: 2 },
    );
  });
});
