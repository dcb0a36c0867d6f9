import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { runReport } from '../../../src/cli/report/run/run-report.ts';
import type { Job } from '../../../src/job/job.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { sampleKey } from '../../support/archives/sample-keys.ts';
import { resetState } from '../../../src/archive/stored-state/state-links.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { latest } from '../../../src/snapshot/latest.ts';
import { planJob } from '../../../src/preview/plan-job.ts';
import type { TableName } from '../../../src/model/table-name.ts';
import { runJob } from '../../../src/pipeline.ts';
import { compactHere } from '../../support/archives/compact-here.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { jobFor } from '../../support/runs/run-here.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

/** No test changes it. */
const workspace = createSampleWorkspace();

type With<Result> = (transform: Job['transform'], fields?: Partial<Job>) => Promise<Result>;

async function withRuns(
  use: (run: With<Manifest>, archive: string, ahead: With<readonly string[]>) => Promise<void>,
): Promise<void> {
  const served = await serveWorkspace(workspace);
  const extract = [{ rooms: ['general'] }];
  await withArchive((archive) => {
    const job = (transform: Job['transform'], fields: Partial<Job> = {}): Job =>
      jobFor(served.url, archive, { extract, transform, ...fields });
    return use(
      (transform, fields) => runJob(job(transform, fields), newProcess()),
      archive,
      async (transform, fields) => (await planJob(job(transform, fields))).completes,
    );
  }).finally(() => served.close());
}

const tables = ['messages', 'links'] as const;

/** In the middle of what the room has. */
const sinceMs = Date.UTC(2024, 0);

describe('columns that a job writes and earlier runs did not', () => {
  it('are named with those runs and why, in every later run, whatever a compaction makes of the files', async () => {
    await withRuns(async (run, archive) => {
      const first = await run({ tables, steps: [{ kind: 'dropColumns', columns: ['text', 'url'] }] });
      expect(first.coverage?.incomplete).toEqual([]);

      const incomplete = [
        {
          ...{ table: 'messages', format: null, columns: ['text'], runs: [{ from: 1, to: 1 }] },
          because: 'their job dropped the columns',
        },
        {
          ...{ table: 'messages', format: null, columns: ['md'], runs: [{ from: 1, to: 1 }] },
          because: 'their job did not keep md',
        },
        {
          ...{ table: 'links', format: null, columns: ['url'], runs: [{ from: 1, to: 1 }] },
          because: 'their job dropped the columns',
        },
      ];
      const second = await run({ tables, md: 'json' });
      expect(second.coverage?.incomplete).toEqual(incomplete);
      expect(runReport(second, { archive, cwd: archive, tookMs: 1 })).toContain(
        'earlier runs: 1 column of "messages" without run 1, 1 column of "messages" without run 1, 1 column of "links" without run 1\n',
      );
      expect((await run({ tables, md: 'json' })).coverage?.incomplete).toEqual(incomplete);
      await compactHere(archive);
      expect((await run({ tables, md: 'json' })).coverage?.incomplete).toEqual(incomplete);
      expect((await run({ tables })).coverage?.incomplete).toEqual(
        incomplete.filter(({ columns }) => columns[0] !== 'md'),
      );
    });
  });

  longIt('are none where the job has been the same from the beginning', async () => {
    await withRuns(async (run, archive) => {
      for (let at = 0; at < 3; at++) {
        const manifest = await run({ tables, md: 'json' });
        expect(manifest.coverage?.incomplete).toEqual([]);
        const report = runReport(manifest, { archive, cwd: archive, tookMs: 1 });
        expect(report.includes('earlier runs: all is in every table, format and column\n')).toBe(at > 0);
      }
    });
  });
});

describe('a column that is never null, and that a job dropped before it got a format', () => {
  longIt('has every room read again, which check and plan say, and is there then', async () => {
    const served = await serveWorkspace(createSampleWorkspace());
    const extract = [{ rooms: ['general'] }];
    const run = (output: string, columns: readonly string[], sinks: Job['sinks'], tables: readonly TableName[]) => {
      const steps = columns.length === 0 ? [] : [{ kind: 'dropColumns' as const, columns }];
      return runJob(jobFor(served.url, output, { extract, sinks, transform: { tables, steps } }), newProcess());
    };
    await withArchive(async (folder) => {
      const csv = [{ format: 'csv' }] as const;
      const both = [...csv, { format: 'parquet' }] as const;
      for (const [column, table] of [
        ['ts', 'messages'],
        ['user_id', 'users'],
      ] as const) {
        const output = `${folder}-${table}`;
        const first = await run(output, [column], csv, [table]);
        const changed = jobFor(served.url, output, { extract, sinks: both, transform: { tables: [table] } });
        expect((await planJob(changed)).completes).toContainEqual(
          expect.stringMatching(new RegExp(`^Every room is read again .*their job dropped the column "${column}"`)),
        );
        const second = await run(output, [], both, [table]);
        expect(second.tables[table]).toBe(first.tables[table]);
        expect(second.coverage?.incomplete).toMatchObject([
          { format: 'parquet', because: expect.stringContaining('read again') },
        ]);
        if (column !== 'ts') continue;
        const values: unknown[] = [];
        for await (const rows of (await latest(output)).rows) values.push(...rows.map(({ ts }) => ts));
        expect(values).toHaveLength(first.tables[table] ?? 0);
        expect(values).not.toContain(null);
      }
    }).finally(() => served.close());
  });
});

describe('rows of earlier runs that the job would write otherwise now', () => {
  const key = 'a key of sixteen or more';
  const steps = [
    [
      { kind: 'pseudonymize', key },
      'they were written before the job said `pseudonymize`, or with another key: names stand in them',
    ],
    [{ kind: 'dropColumns', columns: ['urls', 'op'] }, 'they hold "urls", "op", which the job drops now'],
    [{ kind: 'dropSystemMessages' }, 'the step "dropSystemMessages" of now may drop messages that are in them'],
    [{ kind: 'period', sinceMs, untilMs: null }, 'the step "period" of now may drop messages that are in them'],
  ] as const;

  longIt.each(steps)('are named in every later run: those before %j', async (step, because) => {
    await withRuns(async (run) => {
      await run({ tables: ['messages'] });
      for (let at = 0; at < 2; at++) {
        const { coverage, notes } = await run({ tables: ['messages'], steps: [step] });
        expect(coverage?.outdated).toEqual([{ table: 'messages', runs: [{ from: 1, to: 1 }], because }]);
        expect(notes).toContain(`Rows of "messages" of run 1 stay as they are: ${because}.`);
      }
      const again = await run({ tables: ['messages'], steps: [step] }, { backfill: true });
      const left = again.coverage?.outdated?.filter(({ because: now }) => !now.includes('not current any more'));
      expect(left).toEqual([]);
      expect((await run({ tables: ['messages'], steps: [step] }, { backfill: true })).run).toBe(again.run + 1);
    });
  });

  const takenAway = [
    [
      { kind: 'pseudonymize', key },
      'the job says `pseudonymize` no more: pseudonyms stand in them, and names in later rows',
    ],
    [
      { kind: 'use', plugin: { use: './hide.mjs', cwd: '', options: {}, writtenOptions: {} } },
      'they were written when the job had the step "./hide.mjs"',
    ],
  ] as const;

  it.each(takenAway.slice(0, quickOrLong(1, 2)))(
    'are named when a step is taken away, by check, too, and written again once: %j',
    async (step, because) => {
      await withRuns(async (run, archive, ahead) => {
        const cwd = dirname(archive);
        await writeFile(join(cwd, 'hide.mjs'), 'export default () => (message) => ({ ...message, msg: "hidden" });');
        const written = step.kind === 'use' ? { ...step, plugin: { ...step.plugin, cwd } } : step;
        const first = await run({ tables: ['messages'], steps: [written] });
        const whole = { tables: ['messages'] } as const;
        expect(await ahead(whole)).toContainEqual(
          expect.stringContaining(`rows of run 1 stay as they are: ${because}.`),
        );
        for (let at = 0; at < 2; at++) {
          const { coverage, notes } = await run(whole);
          expect(coverage?.outdated).toEqual([{ table: 'messages', runs: [{ from: 1, to: 1 }], because }]);
          expect(notes).toContain(`Rows of "messages" of run 1 stay as they are: ${because}.`);
        }
        const again = await run(whole, { backfill: true });
        expect(again.tables['messages']).toBe(first.tables['messages']);
        const left = again.coverage?.outdated?.filter(({ because: now }) => !now.includes('not current any more'));
        expect(left).toEqual([]);
        const { rows } = await latest(archive, { table: 'messages' });
        for await (const batch of rows) for (const row of batch) expect(row['run']).toBe(again.run);
        expect(await run(whole, { backfill: true })).toMatchObject({ run: again.run + 1, tables: { messages: 0 } });
      });
    },
  );

  longIt("are named when steps of one's own stand in another order, and when one of two is taken away", async () => {
    await withRuns(async (run, archive) => {
      const cwd = dirname(archive);
      await writeFile(join(cwd, 'same.mjs'), 'export default () => (message) => message;');
      const one = { kind: 'use', plugin: { use: './same.mjs', cwd, options: {}, writtenOptions: { at: 1 } } } as const;
      const two = { kind: 'use', plugin: { ...one.plugin, writtenOptions: { at: 2 } } } as const;
      const run1 = [{ from: 1, to: 1 }];
      await run({ tables: ['messages'], steps: [one, two] });
      expect((await run({ tables: ['messages'], steps: [two, one] })).coverage?.outdated).toEqual([
        { table: 'messages', runs: run1, because: 'they were written with the steps of the job in another order' },
      ]);
      expect((await run({ tables: ['messages'], steps: [one] })).coverage?.outdated).toContainEqual(
        expect.objectContaining({ runs: run1, because: 'they were written when the job had the step "./same.mjs"' }),
      );
    });
  });

  it('are those that hold md, which the job does not keep any more, until all is read again', async () => {
    await withRuns(async (run, archive) => {
      await run({ tables, md: 'json' });
      const later = await run({ tables });
      const because = 'they hold "md", which the job does not keep now';
      expect(later.coverage?.outdated).toEqual([{ table: 'messages', runs: [{ from: 1, to: 1 }], because }]);
      expect((await run({ tables })).coverage?.outdated).toEqual(later.coverage?.outdated);
      expect((await run({ tables }, { backfill: true })).coverage?.outdated).toEqual([]);
      const { rows } = await latest(archive, { table: 'messages' });
      for await (const batch of rows) for (const { md } of batch) expect(md ?? null).toBeNull();
    });
  });

  longIt('are those in folders of another layout, and none where the job is as it was', async () => {
    await withRuns(async (run) => {
      await run({ tables: ['messages'] });
      expect((await run({ tables: ['messages'] })).coverage?.outdated).toEqual([]);
      const because = 'they lie in folders of `partition: none`, and the job says `month` now';
      const manifest = await run({ tables: ['messages'] }, { partition: 'month', backfill: true });
      expect(manifest.coverage?.outdated).toEqual([{ table: 'messages', runs: [{ from: 1, to: 1 }], because }]);
    });
  });
});

describe('a job with `backfill`', () => {
  const dropping = { tables, steps: [{ kind: 'dropColumns', columns: ['urls', 'text'] }] } as const;

  it('fills columns that earlier runs did not have, once, by reading every room again', async () => {
    await withRuns(async (run, archive) => {
      await run(dropping);
      const partly = await run({ tables });
      expect(partly.coverage?.incomplete).toEqual([expect.objectContaining({ columns: ['text', 'urls'] })]);
      const filled = await run({ tables }, { backfill: true });
      expect(filled.coverage?.incomplete).toEqual([]);
      const { rows } = await latest(archive, { table: 'messages' });
      for await (const batch of rows) for (const row of batch) expect(row['run']).toBe(filled.run);
      const next = await run({ tables }, { backfill: true });
      expect(next).toMatchObject({ run: filled.run + 1, tables: { messages: 0 }, coverage: { incomplete: [] } });
    });
  });

  longIt('signs the link that says so, and is refused without the key of a signed archive', async () => {
    await withRuns(async (run, archive) => {
      const { privatePem: key, publicPem: publicKey } = sampleKey(1);
      await run(dropping, { sign: { key } });
      await expect(run({ tables }, { backfill: true })).rejects.toThrow('signed');
      const { run: last } = await run({ tables }, { backfill: true, sign: { key } });
      expect(last).toBe(3);
      expect(await verifyArchive(archive, { publicKey })).toMatchObject({ runs: 3, differences: [] });
    });
  });

  longIt(
    'brings messages that steps of earlier runs dropped, and reads nothing again where nothing is lacking',
    async () => {
      await withRuns(async (run) => {
        const first = await run({ tables, steps: [{ kind: 'period', sinceMs, untilMs: null }] });
        const whole = await run({ tables }, { backfill: true });
        expect(whole.tables['messages']).toBeGreaterThan(first.tables['messages'] ?? 0);
        expect(whole.coverage?.incomplete).toEqual([]);
        expect(await run({ tables }, { backfill: true })).toMatchObject({
          run: whole.run + 1,
          tables: { messages: 0 },
        });
      });
    },
  );
});

describe('check and plan', () => {
  it('say what stays as it is without `backfill`, and what it would bring', async () => {
    await withRuns(async (run, _, ahead) => {
      await run({ tables: ['messages'] });
      expect(await ahead({ tables: ['messages'] })).toEqual([]);
      const steps = [{ kind: 'pseudonymize', key: 'a key of sixteen or more' }] as const;
      const changed = { tables: ['messages', 'room_members'], md: 'json', steps } as const;
      expect(await ahead(changed)).toEqual([
        'messages: md stays null in rows of run 1: their job did not keep md. With `backfill: true` the next run reads every room again and fills it.',
        expect.stringMatching(/^room_members: some rows of run 1 are missing: they did not ask for members/),
        expect.stringMatching(
          /^messages: rows of run 1 stay as they are: .* names stand in them\. With `backfill: true` /,
        ),
      ]);
      expect(await ahead(changed, { backfill: true })).toEqual([
        expect.stringMatching(/^Every room is read again from its beginning: /),
        expect.stringMatching(
          /^Rows of run 1 show people by name or by other pseudonyms: .*no row of theirs is current/,
        ),
      ]);
    });
  });
});

const dropped = (names: string, runs: number) => ({
  ...{ format: null, columns: null, runs: [{ from: 1, to: runs }] },
  because: expect.stringMatching(`^${names} dropped \\d+ messages then, and the steps of the job are others now`),
});

describe('messages that steps of earlier runs dropped, when the job has other steps', () => {
  it('are named in every later run, and no more when all has been read again', async () => {
    await withRuns(async (run, archive) => {
      await run({ tables, steps: [{ kind: 'dropSystemMessages' }, { kind: 'period', sinceMs, untilMs: null }] });
      for (let at = 0; at < 2; at++) {
        const manifest = await run({ tables });
        expect(manifest.coverage?.incomplete).toEqual(
          tables.map((table) => ({ table, ...dropped('dropSystemMessages and period', 1) })),
        );
        expect(manifest.notes).toContainEqual(expect.stringMatching(/^"messages" lacks some rows of run 1: drop/));
        expect(runReport(manifest, { archive, cwd: archive, tookMs: 1 })).toContain(
          '"messages" without some rows of run 1',
        );
      }
      await resetState(nodeDisk, archive, '2026-01-01T00:00:00.000Z', () => 'all');
      const whole = await run({ tables });
      expect(whole.coverage?.incomplete).toEqual([]);
      expect(whole.tables['messages']).toBeGreaterThan(0);
    });
  });

  longIt('are none where the steps of now drop them, too, and none of a table that was made later', async () => {
    await withRuns(async (run) => {
      const period = (fromMs: number) => ({ kind: 'period' as const, sinceMs: fromMs, untilMs: null });
      await run({ tables: ['messages'], steps: [period(sinceMs)] });
      const narrower = await run({
        tables: ['messages'],
        steps: [period(sinceMs + 1), { kind: 'dropSystemMessages' }],
      });
      expect(narrower.coverage?.incomplete).toEqual([]);
      const wider = await run({ tables, steps: [period(sinceMs - 1)] });
      expect(wider.coverage?.incomplete).toEqual([{ table: 'messages', ...dropped('period', 1) }]);
    });
  });
});

describe('a table of users that a job gets later', () => {
  longIt(
    'has the senders of earlier runs where their rows say who they are, and names those runs where they do not',
    async () => {
      await withRuns(async (run, archive) => {
        await run({ tables: ['messages'], steps: [{ kind: 'dropColumns', columns: ['user_id'] }] });
        const withUsers = { tables: ['messages', 'users'] } as const;
        for (let at = 0; at < 2; at++) {
          const { coverage, notes } = await run(withUsers);
          expect(coverage?.incomplete).toContainEqual({
            ...{ table: 'users', format: null, columns: null, runs: [{ from: 1, to: 1 }] },
            because: expect.stringContaining('is in no list of users or members'),
          });
          expect(notes).toContainEqual(expect.stringMatching(/^"users" lacks some rows of run 1: /));
        }
        await resetState(nodeDisk, archive, '2026-01-01T00:00:00.000Z', () => 'all');
        const rest = (await run(withUsers)).coverage?.incomplete?.filter(({ columns }) => columns === null);
        expect(rest).toEqual([
          expect.objectContaining({ because: expect.stringContaining('deleted before a run did') }),
        ]);
      });
    },
  );

  it('names the runs that asked for none, also later: an account deleted by then is in it as its messages show it', async () => {
    await withRuns(async (run) => {
      await run({ tables: ['messages'] });
      for (let at = 0; at < 2; at++) {
        const { coverage } = await run({ tables: ['messages', 'users'] });
        expect(coverage?.incomplete).toEqual([
          {
            ...{ table: 'users', format: null, columns: null, runs: [{ from: 1, to: 1 }] },
            because: expect.stringContaining('there is no `delete`'),
          },
        ]);
      }
    });
  });

  longIt('and one of members names the runs that asked for none: who had left by then is known to nobody', async () => {
    await withRuns(async (run) => {
      await run({ tables: ['messages'] });
      for (let at = 0; at < 2; at++) {
        const { coverage } = await run({ tables: ['messages', 'room_members'] });
        expect(coverage?.incomplete).toEqual([
          {
            ...{ table: 'room_members', format: null, columns: null, runs: [{ from: 1, to: 1 }] },
            because: expect.stringContaining('who left before a run did is not in it'),
          },
        ]);
      }
    });
  });

  longIt('has all of them when rooms have to be read again, because people are pseudonymized', async () => {
    const steps = [{ kind: 'pseudonymize', key: 'a key of sixteen or more' }] as const;
    const usersOf = async (archive: string): Promise<readonly unknown[]> => {
      const users: unknown[] = [];
      for await (const rows of (await latest(archive, { table: 'users' })).rows)
        users.push(...rows.map((row) => row['user_id']));
      return users.sort();
    };
    await withRuns(async (run, archive) => {
      await run({ tables: ['messages'], steps });
      const manifest = await run({ tables: ['messages', 'users'], steps });
      expect(manifest.notes).toContainEqual(expect.stringMatching(/^One list was read again .*: users\./));
      expect(manifest.tables['messages']).toBe(0);
      await withRuns(async (runWhole, whole) => {
        await runWhole({ tables: ['messages', 'users'], steps });
        expect(await usersOf(archive)).toEqual(await usersOf(whole));
      });
    });
  });
});

describe('a table that the job did not have when every room was read again', () => {
  const key = 'a key of sixteen or more';
  const run1 = [{ from: 1, to: 1 }];

  it('is named with all that its rows show or lack, until another backfill (regression: names stayed in silence)', async () => {
    await withRuns(async (run, archive) => {
      const steps = [{ kind: 'dropSystemMessages' }, { kind: 'dropColumns', columns: ['text'] }] as const;
      await run({ tables: ['messages', 'rooms'], steps: [...steps] });
      await resetState(nodeDisk, archive, '2026-01-01T00:00:00.000Z', () => 'all');
      await run({ tables: ['rooms'] });
      const pseudonymous = { tables: ['messages'], steps: [{ kind: 'pseudonymize', key }] } as const;
      const { coverage } = await run(pseudonymous);
      const named = { table: 'messages', runs: run1 };
      expect(coverage?.outdated).toContainEqual({ ...named, because: expect.stringMatching(/names stand in them$/) });
      expect(coverage?.incomplete).toContainEqual(expect.objectContaining({ ...named, columns: ['text'] }));
      expect(coverage?.incomplete).toContainEqual({ table: 'messages', ...dropped('dropSystemMessages', 1) });

      const filled = await run(pseudonymous, { backfill: true });
      expect(filled.coverage?.incomplete).toEqual([]);
      expect(filled.coverage?.outdated?.filter(({ because }) => !because.includes('not current any more'))).toEqual([]);
    });
  });
});
