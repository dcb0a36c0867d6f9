import { describe, expect, it } from '@jest/globals';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { resetState } from '../../../src/archive/stored-state/state-links.ts';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import type { Job } from '../../../src/job/job.ts';
import { runJob } from '../../../src/pipeline.ts';
import { purgeArchive } from '../../../src/purge/purge-archive.ts';
import type { CurrentTableName } from '../../../src/snapshot/current-table.ts';
import { latest } from '../../../src/snapshot/latest.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { here, jobFor } from '../../support/runs/run-here.ts';
import { newProcess } from '../../support/runs/new-process.ts';

const longIt = quickOrLong(it.skip, it);

type Run = (transform: Job['transform'], fields?: Partial<Job>) => Promise<Manifest>;

async function withRuns(use: (run: Run, archive: string) => Promise<void>): Promise<void> {
  const served = await serveWorkspace(createSampleWorkspace());
  const extract = [{ rooms: [quickOrLong('postmortem-ledger-outage', 'general')] }];
  await withArchive((archive) =>
    use(
      (transform, fields) => runJob(jobFor(served.url, archive, { extract, transform, ...fields }), newProcess()),
      archive,
    ),
  ).finally(() => served.close());
}

async function valuesOf(archive: string, table: CurrentTableName, column: string): Promise<readonly unknown[]> {
  const values: unknown[] = [];
  for await (const rows of (await latest(archive, { table })).rows) values.push(...rows.map((row) => row[column]));
  return values.sort();
}

/** Purges the newest message, so that somebody else's are left. */
async function purgeNewest(archive: string): Promise<void> {
  const id = (await valuesOf(archive, 'messages', 'message_id')).at(-1);
  const target = { kind: 'messages', ids: [String(id)] } as const;
  await purgeArchive(archive, target, { ...here, reason: 'a password', by: 'security team' });
}

describe('an archive from which something was purged', () => {
  longIt('is completed in a format and a table that the job gets later, and has nothing that is outdated', async () => {
    await withRuns(async (run, archive) => {
      const first = await run({ tables: ['messages'] });
      await purgeNewest(archive);
      const sinks = [{ format: 'jsonl' }, { format: 'csv' }] as const;
      const { completed, coverage, notes } = await run({ tables: ['messages', 'users'] }, { sinks });
      const left = (first.tables['messages'] ?? 0) - 1;
      expect(completed).toEqual([expect.objectContaining({ table: 'messages', format: 'csv', rows: left })]);
      const deletedBefore = { because: expect.stringContaining('deleted before a run did') };
      expect(coverage).toMatchObject({ incomplete: [deletedBefore], outdated: [] });
      expect(notes.join('\n')).not.toContain('purged');
      const senders = new Set(await valuesOf(archive, 'messages', 'user_id'));
      expect(await valuesOf(archive, 'users', 'user_id')).toEqual(expect.arrayContaining([...senders]));
    });
  });

  it('is read again for `backfill` once, not in every later run', async () => {
    await withRuns(async (run, archive) => {
      await run({ tables: ['messages'] });
      await purgeNewest(archive);
      const sinks = [{ format: 'jsonl' }, { format: 'csv' }] as const;
      const backfilled = [
        { tables: ['messages'], md: 'json' },
        { sinks, backfill: true },
      ] as const;
      const filled = await run(...backfilled);
      expect(filled.coverage).toMatchObject({ incomplete: [], outdated: [] });
      for (const next of quickOrLong([1], [1, 2])) {
        expect(await run(...backfilled)).toMatchObject({ run: filled.run + next, tables: { messages: 0 } });
      }
    });
  });

  const tables = ['messages', 'users', 'room_members'] as const;
  type Steps = NonNullable<Job['transform']['steps']>;
  const one: Steps = [{ kind: 'pseudonymize', key: 'key-A-key-A-key-A-1' }];
  const two: Steps = [{ kind: 'pseudonymize', key: 'key-B-key-B-key-B-2' }];

  /** Purges whoever sent the first message; tells how many rows each table has. */
  async function purgeSender(archive: string): Promise<readonly number[]> {
    const [sender] = await valuesOf(archive, 'messages', 'user_id');
    await purgeArchive(archive, { kind: 'user', name: String(sender) }, { ...here, reason: 'erasure', by: 'DPO' });
    return rowsOf(archive);
  }

  const rowsOf = (archive: string): Promise<readonly number[]> =>
    Promise.all(tables.map(async (table) => (await valuesOf(archive, table, 'run')).length));

  longIt.each([
    ['the key stays', one, one],
    ['people are pseudonymized later', [], one],
    ['nobody is pseudonymized', [], []],
  ] satisfies [string, Steps, Steps][])(
    'does not get a purged person back when all is read again and %s',
    async (_name, before, after) => {
      await withRuns(async (run, archive) => {
        await run({ tables, steps: before });
        const left = await purgeSender(archive);
        const again = { tables, steps: after };
        await run(again, { backfill: true });
        await resetState(nodeDisk, archive, '2026-11-27T00:00:00.000Z', () => 'all');
        await run(again);
        expect(await rowsOf(archive)).toEqual(left);
      });
    },
  );

  longIt.each([
    ['another key', two],
    ['none', []],
  ] satisfies [string, Steps][])(
    'from which a pseudonym was purged is not read for %s, by which the person would come back unknown',
    async (_name, steps) => {
      await withRuns(async (run, archive) => {
        await run({ tables, steps: one });
        await purgeSender(archive);
        const changed = run({ tables, steps }, { backfill: true });
        await expect(changed).rejects.toThrow('another key of pseudonymize, or with none: people were purged from it');
        await run({ tables, steps: one });
      });
    },
  );
});
