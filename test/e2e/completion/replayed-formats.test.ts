import { appendFile, cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import type { Job } from '../../../src/job/job.ts';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { whyNoReplay } from '../../../src/load/kept/why-no-replay.ts';
import type { SinkEntry } from '../../../src/model/sink-options.ts';
import { checkJob } from '../../../src/preview/check-job.ts';
import { planJob } from '../../../src/preview/plan-job.ts';
import { runJob } from '../../../src/pipeline.ts';
import { purgeArchive } from '../../../src/purge/purge-archive.ts';
import { rebuildArchive } from '../../../src/rebuild/rebuild-archive.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { archiveContents } from '../../support/archives/archive-contents.ts';
import { compactHere } from '../../support/archives/compact-here.ts';
import { rowsInArchive } from '../../support/archives/rows-archive.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { withChangingArchive, type ChangingArchive } from '../../support/runs/changing-archive.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { here, jobFor } from '../../support/runs/run-here.ts';
import { liveADay, runAtNight } from '../../support/runs/ten-nights.ts';

const longIt = quickOrLong(it.skip, it);

const tables = ['messages', 'mentions', 'reactions', 'attachments', 'links', 'rooms', 'users'] as const;
const forSpreadsheets: SinkEntry = { format: 'csv', excelSafe: true };
const withLines: Partial<Job> = { sinks: [forSpreadsheets, { format: 'jsonl' }] };

interface Nights {
  readonly archive: ChangingArchive;
  /** A job that has written CSV for spreadsheets only, and keeps what the server sent. */
  readonly early: (fields?: Partial<Job>) => Job;
  /** One that had every format from the start, in an archive of its own. */
  readonly whole: () => Job;
  readonly nights: number;
  /** Lists of messages that were asked for while something was done. */
  readonly pagesWhile: (act: () => Promise<unknown>) => Promise<number>;
}

async function withNights(use: (nights: Nights) => Promise<void>, nights = quickOrLong(2, 10)): Promise<void> {
  await withChangingArchive('8.0.0', {}, async (archive) => {
    await withArchive(async (folder) => {
      const fields: Partial<Job> = { transform: { tables }, raw: 'keep' };
      const early = (more: Partial<Job> = {}): Job => ({
        ...{ ...archive.job(), output: join(folder, 'early'), sinks: [forSpreadsheets], ...fields, ...more },
      });
      const whole = (): Job => ({ ...archive.job(), output: join(folder, 'whole'), ...fields, ...withLines });
      const { requests } = archive.served;
      for (let night = 1; night <= nights; night += 1) {
        liveADay(archive, night);
        await runAtNight(early(), night);
        await runAtNight(whole(), night);
      }
      const pagesWhile = async (act: () => Promise<unknown>): Promise<number> => {
        const from = requests.length;
        await act();
        return requests.slice(from).filter(({ endpoint }) => endpoint.endsWith('.messages')).length;
      };
      await use({ archive, early, whole, nights, pagesWhile });
    });
  });
}

/** Every row in JSON Lines, by table. */
async function linesOf(archive: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const rows = Object.entries(await rowsInArchive(archive)).filter(([key]) => key.endsWith(' jsonl'));
  return Object.fromEntries(rows.sort().map(([key, own]) => [key, own.map((row) => JSON.stringify(row)).sort()]));
}

describe('a format that only kept responses can complete', () => {
  longIt(
    'has every row that it would have had from the start, without a request for messages, as check and plan say',
    async () => {
      await withNights(async ({ early, whole, nights, pagesWhile }) => {
        const job = early(withLines);
        const ahead = expect.stringMatching(/^"messages" as jsonl lacks \d+ rows .*`_raw`, without a request\.$/);
        expect((await planJob(job)).completes).toContainEqual(ahead);
        expect((await checkJob(job)).notes).toContainEqual(ahead);
        let manifest: Manifest | undefined;
        const pages = await pagesWhile(async () => void (manifest = await runAtNight(job, nights + 1)));
        const wholePages = await pagesWhile(() => runAtNight(whole(), nights + 1));
        expect(pages).toBe(wholePages);
        expect(manifest?.run).toBe(nights + 1);
        expect(manifest?.coverage?.incomplete).toEqual([]);
        expect(manifest?.completed?.find(({ table }) => table === 'messages')).toMatchObject({
          ...{ format: 'jsonl', source: 'raw', runs: [{ from: 1, to: nights }] },
        });
        expect(await linesOf(job.output)).toEqual(await linesOf(whole().output));
        expect(await verifyArchive(job.output)).toMatchObject({ differences: [] });
        const next = await runAtNight(job, nights + 2);
        expect(next.completed).toBeUndefined();
      });
    },
  );

  it('is made of them once more, and not read again', async () => {
    const served = await serveWorkspace(createSampleWorkspace());
    await withArchive(async (output) => {
      const fields: Partial<Job> = { extract: [{ rooms: ['general'] }], raw: 'keep', sinks: [forSpreadsheets] };
      const job = jobFor(served.url, output, { ...fields, transform: { tables: ['messages'] } });
      const first = await runJob(job, newProcess());
      const second = await runJob({ ...job, ...withLines }, newProcess());
      expect(second).toMatchObject({ run: 2, tables: { messages: 0 }, completed: [{ source: 'raw' }] });
      expect((await linesOf(output))['messages jsonl']).toHaveLength(first.tables['messages'] ?? 0);
    }).finally(() => served.close());
  });

  longIt('lacks what was purged since, and is rebuilt with all the others', async () => {
    await withNights(async ({ archive, early, nights }) => {
      const target = { kind: 'messages', ids: ['ops-3'] } as const;
      await purgeArchive(early().output, target, { ...here, reason: 'a password', by: 'security' });
      const job = early(withLines);
      const { completed } = await runAtNight(job, nights + 1);
      expect(completed?.map(({ source }) => source)).toContain('raw');
      const lines = Object.values(await linesOf(job.output))
        .flat()
        .join('\n');
      expect(lines).toContain('ops-4');
      expect(lines).not.toContain('"ops-3"');
      liveADay(archive, nights + 2);
      await runAtNight(job, nights + 2);
      const { differences, equal } = await rebuildArchive(job.output, `${job.output}-rebuilt`);
      expect(differences).toEqual([]);
      expect(equal).toBeGreaterThan(0);
    });
  });

  longIt('ends with the same bytes when the run is cut while it makes rows once more', async () => {
    await withNights(async ({ early, nights }) => {
      const job = early(withLines);
      const copy = async (name: string): Promise<Job> => {
        const output = `${job.output}-${name}`;
        await cp(job.output, output, { recursive: true });
        return { ...job, output };
      };
      const counting = faultDisk(nodeDisk, 'fails', Number.POSITIVE_INFINITY);
      const unbroken = await copy('unbroken');
      await runAtNight(unbroken, nights + 1, { disk: counting.disk });
      const expected = await archiveContents(nodeDisk, unbroken.output);
      for (const share of [0.1, 0.3, 0.5, 0.7, 0.9]) {
        const cut = await copy(String(share));
        const { disk } = faultDisk(nodeDisk, 'dies-within', Math.floor(counting.steps() * share));
        await expect(runAtNight(cut, nights + 1, { disk })).rejects.toThrow();
        const { run } = await runAtNight(cut, nights + 1);
        // A run that was committed is published by the next one, which is another run.
        if (run === nights + 1) expect(await archiveContents(nodeDisk, cut.output)).toEqual(expected);
      }
    }, 2);
  });
});

describe('responses that were not kept whole', () => {
  longIt('leave the format to the server, which is said, with the run that kept none', async () => {
    await withNights(async ({ archive, early, nights }) => {
      liveADay(archive, nights + 1);
      const { raw, ...forgetful } = early();
      expect(raw).toBe('keep');
      await runAtNight(forgetful, nights + 1);
      const job = early(withLines);
      expect((await planJob(job)).completes).toContainEqual(
        expect.stringMatching(/^Every room is read again .*excelSafe.*; `_raw` has no responses of run 3\.$/),
      );
      const manifest = await runAtNight(job, nights + 2);
      expect(manifest.completed?.filter(({ table, source }) => table === 'messages' || source === 'raw')).toEqual([]);
      expect(manifest.tables['messages']).toBeGreaterThan(20);
    }, 2);
  });

  longIt('are named, and no source of anything: more than `compact --latest` has left, damaged, or lost', async () => {
    await withNights(async ({ early }) => {
      const job = early(withLines);
      const why = () => whyNoReplay(nodeDisk, job.output, job);
      expect(await why()).toBeNull();
      await compactHere(job.output, { keeps: 'latest' });
      expect(await why()).toMatchObject({ isForGood: true, because: expect.stringContaining('compact --latest') });
    }, 2);
    await withNights(async ({ early }) => {
      const job = early(withLines);
      const why = () => whyNoReplay(nodeDisk, job.output, job);
      const plan = join(job.output, '_raw/run-000001/0000-plan.pages.gz');
      await appendFile(plan, 'x');
      expect(await why()).toMatchObject({ isForGood: false, because: expect.stringContaining('0000-plan.pages.gz') });
      await rm(plan);
      expect(await why()).toMatchObject({ isForGood: false, because: expect.stringContaining('0000-plan.pages.gz') });
    }, 1);
  });
});
