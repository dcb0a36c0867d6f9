import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { changeState } from '../../../src/archive/stored-state/change-state.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import type { Row } from '../../../src/model/column.ts';
import type { Job } from '../../../src/job/job.ts';
import { checkJob } from '../../../src/preview/check-job.ts';
import { planJob } from '../../../src/preview/plan-job.ts';
import { purgeArchive } from '../../../src/purge/purge-archive.ts';
import { rebuildArchive } from '../../../src/rebuild/rebuild-archive.ts';
import type { CurrentTableName } from '../../../src/snapshot/current-table.ts';
import { latest } from '../../../src/snapshot/latest.ts';
import { compactHere } from '../../support/archives/compact-here.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { withChangingArchive, type ChangingArchive } from '../../support/runs/changing-archive.ts';
import { runHere } from '../../support/program/fake-process.ts';
import { here } from '../../support/runs/run-here.ts';
import { liveADay, runAtNight } from '../../support/runs/ten-nights.ts';

const longIt = quickOrLong(it.skip, it);

/** What comes of `_raw` is the same rows in each. */
const formats: Job['sinks'] = quickOrLong([{ format: 'jsonl' }], [{ format: 'jsonl' }, { format: 'parquet' }]);

const tables: readonly CurrentTableName[] = [
  ...(['messages', 'mentions', 'reactions', 'attachments', 'links', 'rooms', 'users'] as const),
];
const narrow: Job['transform'] = {
  tables,
  steps: [{ kind: 'dropColumns', columns: ['msg', 'title', 'emoji'] }, { kind: 'dropSystemMessages' }],
};
const wide: Partial<Job> = { transform: { tables, md: 'json' }, backfill: true };

interface Nights {
  readonly archive: ChangingArchive;
  /** Has fewer columns and messages until a test gives it more, and keeps what the server sent. */
  readonly early: (fields?: Partial<Job>) => Job;
  /** Had all of them from the start. */
  readonly whole: Job;
  readonly nights: number;
  readonly pagesWhile: (act: () => Promise<unknown>) => Promise<number>;
}

describe('a reset that asks for what was kept', () => {
  it('fills columns and messages of earlier runs from `_raw` once, without a request for them', async () => {
    await withNights(
      async ({ archive, early, nights }) => {
        const job = early({ transform: { tables, md: 'json' } });
        await runAtNight(job, nights + 1);
        expect((await latestOf(job.output)).every(({ msg }) => msg === null)).toBe(false);
        const asked = await runHere(['state', 'reset', job.output, '--json']);
        expect(asked.stderr).toContain('from _raw');
        expect(JSON.parse(asked.stdout)).toMatchObject({ run: nights + 2, lists: [{ reset: false }] });
        expect((await planJob(job)).completes).toContainEqual(expect.stringMatching(/`_raw`, without a request/));
        live(archive, nights + 2);
        const manifest = await runAtNight(job, nights + 2);
        // Only what is new is walked.
        expect(manifest.lists.map(({ completeness: { pages } }) => pages)).toEqual([1]);
        expect(manifest.refilled).toMatchObject({ because: '`state reset` asked for it' });
        const rows = await latestOf(job.output);
        expect(rows.map(({ message_id: id }) => id).sort()).toEqual(
          archive
            .room()
            .messages.map(({ id }) => id)
            .sort(),
        );
        expect(rows.filter(({ msg }) => msg === null)).toEqual([]);
        expect((await runAtNight(job, nights + 3)).refilled).toBeUndefined();
      },
      1,
      {},
      false,
    );
  });

  it('is refused where some run kept none', async () => {
    await withChangingArchive('8.0.0', {}, async (archive) => {
      const asked = changeState(archive.job().output, { kind: 'refill' }, here);
      await expect(asked).rejects.toThrow('it has no responses of run 1');
    });
  });
});

async function latestOf(archive: string): Promise<readonly Row[]> {
  const all: Row[] = [];
  for await (const batch of (await latest(archive)).rows) all.push(...batch);
  return all;
}

async function withNights(
  use: (nights: Nights) => Promise<void>,
  nights = 3,
  fields: Partial<Job> = {},
  isCompared = true,
): Promise<void> {
  const lives = async (archive: ChangingArchive): Promise<void> => {
    await withArchive(async (folder) => {
      const common: Partial<Job> = { raw: 'keep', sinks: formats, ...fields };
      const early = (more: Partial<Job> = {}): Job => ({
        ...{ ...archive.job(), output: join(folder, 'early'), transform: narrow, ...common, ...more },
      });
      const whole: Job = {
        ...archive.job(),
        output: join(folder, 'whole'),
        ...common,
        transform: { tables, md: 'json' },
      };
      for (let night = 1; night <= nights; night += 1) {
        live(archive, night);
        await runAtNight(early(), night);
        if (isCompared) await runAtNight(whole, night);
      }
      live(archive, nights + 1);
      const pagesWhile = async (act: () => Promise<unknown>): Promise<number> => {
        const from = archive.served.requests.length;
        await act();
        return archive.served.requests.slice(from).filter(({ endpoint }) => endpoint.endsWith('.messages')).length;
      };
      await use({ archive, early, whole, nights, pagesWhile });
    });
  };
  await withChangingArchive('8.0.0', {}, lives, undefined, false);
}

/** With messages of the server's own, one of which is deleted on the day after. */
function live(archive: ChangingArchive, day: number): void {
  liveADay(archive, day);
  archive.post(`joined-${day}`, 1_000 * (day + 1) - 400, { t: 'uj', msg: 'archivist' });
  if (day > 1) archive.remove(`joined-${day - 1}`, 1_000 * (day + 1) - 399);
}

async function latestRows(archive: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const found: Record<string, readonly string[]> = {};
  for (const table of tables) {
    const rows: string[] = [];
    for await (const batch of (await latest(archive, { table })).rows) {
      rows.push(...batch.map((row) => JSON.stringify({ ...row, run: null })));
    }
    found[table] = rows.sort();
  }
  return found;
}

describe('a backfill over an archive that keeps what the server sent', () => {
  longIt(
    'left messages in the tables that a step of now drops, where another edit had rows made anew of `_raw`',
    async () => {
      await withNights(async ({ whole, nights }) => {
        const since = { kind: 'period', sinceMs: Date.UTC(2025, 0, 1), untilMs: null } as const;
        await runAtNight({ ...whole, transform: { tables, steps: [since] } }, nights + 1);
        const steps = [{ kind: 'dropSystemMessages' }] as const;
        const transform = { tables, steps };
        const manifest = await runAtNight({ ...whole, transform, backfill: true }, nights + 2);
        expect(manifest.refilled).toBeUndefined();
        expect(manifest.coverage?.outdated).toEqual([]);
        const left = (await latestRows(whole.output))['messages'] ?? [];
        expect(left.length).toBeGreaterThan(0);
        expect(left.filter((row) => row.includes('"is_system":true'))).toEqual([]);
      }, 2);
    },
  );

  longIt(
    'has every element of messages whose elements lie in two files, of which it lost the rest at each border',
    async () => {
      await withNights(
        async ({ archive, early, whole, nights }) => {
          const reactions = { ':ok:': { usernames: ['ada', 'bob', 'eve'] }, ':tada:': { usernames: ['ada', 'bob'] } };
          for (const at of [1, 2, 3]) archive.post(`many-${at}`, 1_000 * (nights + 2) - at, { reactions });
          await runAtNight(early(), nights + 1);
          await runAtNight(whole, nights + 1);
          expect((await runAtNight(early(wide), nights + 2)).refilled?.rows).toBeGreaterThan(30);
          await runAtNight(whole, nights + 2);
          const { reactions: found } = await latestRows(early().output);
          expect(found).toEqual((await latestRows(whole.output))['reactions']);
          expect(found?.length).toBeGreaterThan(15);
        },
        1,
        { rowsPerFile: 2 },
      );
    },
  );

  longIt('asks for no message again, and `latest` is as if the job had been the same from the start', async () => {
    await withNights(async ({ archive, early, whole, nights, pagesWhile }) => {
      const job = early(wide);
      const ahead = expect.stringMatching(/^All current rows are written anew .*`_raw`, without a request: /);
      expect((await planJob(job)).completes).toContainEqual(ahead);
      expect((await checkJob(job)).notes).toContainEqual(ahead);
      let manifest: Manifest | undefined;
      const pages = await pagesWhile(async () => void (manifest = await runAtNight(job, nights + 1)));
      expect(pages).toBe(await pagesWhile(() => runAtNight(whole, nights + 1)));
      expect(manifest?.run).toBe(nights + 1);
      expect(manifest?.coverage?.incomplete).toEqual([]);
      expect(manifest?.refilled?.rows).toBeGreaterThan(30);
      expect(await latestRows(job.output)).toEqual(await latestRows(whole.output));
      expect(await verifyArchive(job.output)).toMatchObject({ differences: [], notes: [] });
      live(archive, nights + 2);
      const next = await runAtNight(job, nights + 2);
      await runAtNight(whole, nights + 2);
      expect(next.refilled).toBeUndefined();
      expect(next.coverage?.incomplete).toEqual([]);
      expect(await latestRows(job.output)).toEqual(await latestRows(whole.output));
      const { differences } = await rebuildArchive(job.output, `${job.output}-rebuilt`);
      expect(differences).toEqual([]);
    });
  });

  longIt('left a row without the new column whose format a later run had completed in another one', async () => {
    await withNights(
      async ({ archive, early, whole, nights }) => {
        const formats: readonly Job['sinks'][] = [
          [{ format: 'csv', excelSafe: true }],
          [{ format: 'parquet' }],
          [{ format: 'jsonl' }, { format: 'csv' }, { format: 'parquet' }],
        ];
        for (const [at, sinks] of formats.entries()) {
          const night = nights + 1 + at;
          const isLast = at === formats.length - 1;
          await runAtNight(isLast ? early({ ...wide, sinks }) : early({ sinks }), night);
          await runAtNight(whole, night);
          if (!isLast) live(archive, night + 1);
        }
        expect(await latestRows(early().output)).toEqual(await latestRows(whole.output));
        const { differences } = await rebuildArchive(early().output, `${early().output}-rebuilt`);
        expect(differences).toEqual([]);
      },
      1,
      { sinks: [{ format: 'parquet' }] },
    );
  });

  longIt('brings nothing back that was purged, also behind `compact --latest`, in folders of months', async () => {
    await withNights(
      async ({ early, nights }) => {
        const target = { kind: 'messages', ids: ['ops-3'] } as const;
        await purgeArchive(early().output, target, { ...here, reason: 'a password', by: 'security' });
        await compactHere(early().output, { keeps: 'latest' });
        const job = early(wide);
        const manifest = await runAtNight(job, nights + 1);
        expect(manifest.refilled?.rows).toBeGreaterThan(20);
        const rows = (await latestRows(job.output))['messages'] ?? [];
        expect(rows.some((row) => row.includes('"ops-4"'))).toBe(true);
        expect(rows.some((row) => row.includes('"ops-3"'))).toBe(false);
        expect(manifest.files.every(({ path }) => !path.startsWith('messages/') || path.includes('month='))).toBe(true);
        expect(await verifyArchive(job.output)).toMatchObject({ differences: [] });
      },
      2,
      { partition: 'month' },
    );
  });

  longIt(
    'asks the server where a step of now drops messages that have rows, and they are current no more',
    async () => {
      await withNights(
        async ({ early, nights }) => {
          const wider = early({ transform: { tables } });
          await runAtNight(wider, nights + 1);
          const job = early({
            transform: { tables, md: 'json', steps: [{ kind: 'dropSystemMessages' }] },
            backfill: true,
          });
          const manifest = await runAtNight(job, nights + 2);
          expect(manifest.refilled).toBeUndefined();
          const rows = (await latestRows(job.output))['messages'] ?? [];
          expect(rows.length).toBeGreaterThan(20);
          expect(rows.filter((row) => row.includes('"joined-'))).toEqual([]);
        },
        1,
        { transform: { tables } },
      );
    },
  );

  longIt('asks the server where some run kept nothing', async () => {
    await withNights(async ({ archive, early, nights }) => {
      const { raw, ...forgetful } = early();
      expect(raw).toBe('keep');
      await runAtNight(forgetful, nights + 1);
      live(archive, nights + 2);
      const manifest = await runAtNight(early(wide), nights + 2);
      expect(manifest.refilled).toBeUndefined();
      expect(manifest.tables['messages']).toBeGreaterThan(30);
    }, 1);
  });
});
