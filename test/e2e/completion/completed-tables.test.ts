import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import type { Job } from '../../../src/job/job.ts';
import type { Row } from '../../../src/model/column.ts';
import type { TableName } from '../../../src/model/table-name.ts';
import { checkJob } from '../../../src/preview/check-job.ts';
import { planJob } from '../../../src/preview/plan-job.ts';
import { latest } from '../../../src/snapshot/latest.ts';
import type { CurrentTableName } from '../../../src/snapshot/current-table.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { archiveContents } from '../../support/archives/archive-contents.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { withChangingArchive, type ChangingArchive } from '../../support/runs/changing-archive.ts';
import { liveADay, runAtNight } from '../../support/runs/ten-nights.ts';

const longIt = quickOrLong(it.skip, it);

const allTables: readonly TableName[] = [
  ...(['messages', 'mentions', 'reactions', 'attachments', 'links', 'rooms'] as const),
  ...(['message_versions', 'users'] as const),
];
const usualNights = quickOrLong(2, 10);
const formats: Pick<Job, 'sinks'> = { sinks: [{ format: 'jsonl' }, { format: 'parquet' }] };

interface Nights {
  readonly archive: ChangingArchive;
  /** Has some tables, until a test gives it more. */
  readonly early: (tables?: readonly TableName[], fields?: Partial<Job>) => Job;
  /** Had all tables from the start, where the archives are compared. */
  readonly whole: Job;
}

async function withNights(
  {
    first,
    nights = usualNights,
    version = '8.0.0',
    isCompared = true,
  }: { first: readonly TableName[]; nights?: number; version?: string; isCompared?: boolean },
  use: (nights: Nights) => Promise<void>,
): Promise<void> {
  await withChangingArchive(version, {}, async (archive) => {
    await withArchive(async (folder) => {
      const job = (name: string, tables: readonly TableName[], fields: Partial<Job> = {}): Job => ({
        ...archive.job(),
        ...{ output: join(folder, name), transform: { tables } },
        ...formats,
        ...fields,
      });
      const early: Nights['early'] = (tables = first, fields) => job('early', tables, fields);
      const whole = job('whole', allTables);
      const sendAs = (night: number): void => {
        // A guest of livechat is in no list of users: only messages show it, and one of them is deleted.
        const u = { _id: `guest-${night}`, username: `guest-${night}`, name: `Guest ${night}` };
        archive.post(`guest-${night}`, 1_000 * night + 600, { u });
        archive.post(`clone-${night}`, 1_000 * night + 601, { u, _hidden: true, parent: `ops-${night}` });
        if (night > 1) archive.remove(`guest-${night - 1}`, 1_000 * night + 602);
      };
      for (let night = 1; night <= nights; night += 1) {
        liveADay(archive, night);
        sendAs(night);
        await runAtNight(early(), night);
        if (isCompared) await runAtNight(whole, night);
      }
      liveADay(archive, nights + 1);
      await use({ archive, early, whole });
    });
  });
}

/** Without the run: a row that was read again later is of a later run. */
async function latestRows(archive: string, table: CurrentTableName): Promise<readonly string[]> {
  const rows: string[] = [];
  const { rows: batches } = await latest(archive, { table });
  for await (const batch of batches) rows.push(...batch.map((row: Row) => JSON.stringify({ ...row, run: null })));
  return rows.sort();
}

async function expectSameLatest(
  archive: string,
  whole: string,
  tables: readonly CurrentTableName[] = allTables,
): Promise<void> {
  for (const table of tables) {
    const rows = await latestRows(archive, table);
    expect([table, rows]).toEqual([table, await latestRows(whole, table)]);
    if (table !== 'message_versions') expect([table, rows.length]).not.toEqual([table, 0]);
  }
  const { differences, notes } = await verifyArchive(archive);
  expect(differences).toEqual([]);
  expect(notes).toEqual([]);
}

/** Of the state a walk that was resumed may keep the ids of more late messages. */
async function tableFilesOf(archive: string): Promise<Readonly<Record<string, string>>> {
  const { files } = await archiveContents(nodeDisk, archive);
  return Object.fromEntries(Object.entries(files).filter(([path]) => !path.startsWith('_')));
}

/** That there is no `delete` of accounts that were gone by then. */
const deletedBefore: readonly unknown[] = [
  expect.objectContaining({ table: 'users', because: expect.stringContaining('deleted before a run did') }),
];

const rowsOf = ({ tables }: Manifest): Readonly<Record<string, number>> => tables;

describe('a job of several runs that gets more tables', () => {
  longIt(
    'has the earlier versions that servers before 8.0 show, too, and reads nothing again the next time',
    async () => {
      await withNights({ first: ['messages'], version: '7.10.0' }, async ({ archive, early, whole }) => {
        const manifest = await runAtNight(early(allTables), usualNights + 1);
        await runAtNight(whole, usualNights + 1);
        await expectSameLatest(early().output, whole.output);
        expect(await latestRows(early().output, 'message_versions')).toHaveLength(usualNights);
        expect(manifest.coverage?.incomplete).toEqual(deletedBefore);
        liveADay(archive, usualNights + 2);
        // Nothing says later what versions came while the table was not made.
        await runAtNight(early(), usualNights + 2);
        const again = await runAtNight(early(allTables), usualNights + 3);
        expect(again.notes).toContainEqual(expect.stringMatching(/read again .*: message_versions\./));
        expect(again.tables['message_versions']).toBe(0);
        expect((await runAtNight(early(allTables), usualNights + 4)).notes).not.toContainEqual(
          expect.stringContaining('read again'),
        );
      });
    },
  );

  const firstTables: readonly (readonly TableName[])[] = [
    ['messages', 'reactions'],
    ['links', 'rooms'],
  ];
  for (const first of quickOrLong(firstTables, [['messages'], ...firstTables])) {
    longIt(`has in them what an archive has that made them from the start, beside ${first.join(' and ')}`, async () => {
      await withNights({ first }, async ({ archive, early, whole }) => {
        const manifest = await runAtNight(early(allTables), usualNights + 1);
        const usual = await runAtNight(whole, usualNights + 1);
        // Without rows of messages nothing shows who sent those that are gone from the server since.
        const tellsSenders = !first.includes('links');
        const compared = allTables.filter((table) => tellsSenders || table !== 'users');
        await expectSameLatest(early().output, whole.output, compared);
        expect(manifest.coverage?.incomplete).toEqual([
          ...deletedBefore,
          ...(tellsSenders
            ? []
            : [expect.objectContaining({ because: expect.stringContaining('gone from the server since') })]),
        ]);
        // Tables that were there get what is new, and nothing twice.
        for (const table of first) expect([table, rowsOf(manifest)[table]]).toEqual([table, rowsOf(usual)[table]]);
        liveADay(archive, usualNights + 2);
        const next = await runAtNight(early(allTables), usualNights + 2);
        const usualNext = await runAtNight(whole, usualNights + 2);
        await expectSameLatest(early().output, whole.output, compared);
        expect(rowsOf(next)).toEqual(rowsOf(usualNext));
      });
    });
  }

  longIt('gets a format and a table at once, and both are whole', async () => {
    await withNights({ first: ['messages'] }, async ({ early, whole }) => {
      const csv: Partial<Job> = { sinks: [{ format: 'csv' }, { format: 'parquet' }] };
      const manifest = await runAtNight(early(allTables, csv), usualNights + 1);
      await runAtNight(whole, usualNights + 1);
      expect(manifest.coverage?.incomplete).toEqual(deletedBefore);
      for (const table of allTables) {
        expect(await latestRows(early().output, table)).toEqual(await latestRows(whole.output, table));
      }
      expect((await verifyArchive(early().output)).differences).toEqual([]);
    });
  });

  longIt('has what mentions the login, too, where the job gets the list of those in the same run', async () => {
    await withNights({ first: ['messages'], nights: 2, isCompared: false }, async ({ early, whole }) => {
      const [entry] = early().extract;
      const extract = [
        ...(entry === undefined ? [] : [entry]),
        { endpoint: 'chat.getMentionedMessages', rooms: ['*'] } as const,
      ];
      await runAtNight(early(['messages', 'mentions', 'reactions'], { extract }), 3);
      await runAtNight({ ...whole, extract }, 3);
      await expectSameLatest(early().output, whole.output, ['messages', 'mentions', 'reactions']);
    });
  });

  it('is told by check and plan, with the requests, before it is done', async () => {
    await withNights({ first: ['messages'], nights: 1, isCompared: false }, async ({ early }) => {
      const job = early(['messages', 'links'], { sinks: [{ format: 'jsonl' }, { format: 'csv' }] });
      const usual = await planJob(early());
      expect(usual.completes).toEqual([]);
      const plan = await planJob(job);
      const { notes } = await checkJob(job);
      const expected = [
        expect.stringMatching(
          /^"messages" as csv lacks \d+ rows of run 1: .* the archive's parquet, without a request\.$/,
        ),
        expect.stringMatching(
          /^links: earlier runs did not make this table of all that they read, so the next one reads one list again/,
        ),
      ];
      expect(plan.completes).toEqual(expected);
      expect(notes).toEqual(expect.arrayContaining(expected));
      expect(plan.total.requests).toBeGreaterThan(usual.total.requests);
      await runAtNight(job, 2);
      expect((await planJob(job)).completes).toEqual([]);
    });
  });

  longIt('ends with the same bytes when the run that completes it is cut, wherever it was', async () => {
    await withNights({ first: ['messages'], nights: 2, isCompared: false }, async ({ early }) => {
      const job = (name: string): Job => early(allTables, { output: `${early().output}-${name}` });
      const copied = async (name: string): Promise<Job> => {
        await cp(early().output, job(name).output, { recursive: true });
        return job(name);
      };
      const counting = faultDisk(nodeDisk, 'fails', Number.POSITIVE_INFINITY);
      const unbroken = await copied('unbroken');
      await runAtNight(unbroken, 3, { disk: counting.disk });
      const expected = await tableFilesOf(unbroken.output);
      for (const share of quickOrLong([0.25, 0.85], [0.1, 0.25, 0.4, 0.55, 0.7, 0.85])) {
        const cut = await copied(String(share));
        const { disk } = faultDisk(nodeDisk, 'dies-within', Math.floor(counting.steps() * share));
        await expect(runAtNight(cut, 3, { disk })).rejects.toThrow();
        const manifest = await runAtNight(cut, 3);
        if (manifest.run === 3) expect(await tableFilesOf(cut.output)).toEqual(expected);
        expect(await verifyArchive(cut.output)).toMatchObject({ differences: [], notes: [] });
        for (const table of allTables) {
          expect(await latestRows(cut.output, table)).toEqual(await latestRows(unbroken.output, table));
        }
      }
    });
  });
});
