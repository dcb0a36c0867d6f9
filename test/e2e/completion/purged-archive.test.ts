import { describe, expect, it } from '@jest/globals';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import type { Job } from '../../../src/job/job.ts';
import { runJob } from '../../../src/pipeline.ts';
import { purgeArchive } from '../../../src/purge/purge-archive.ts';
import type { CurrentTableName } from '../../../src/snapshot/current-table.ts';
import { latest } from '../../../src/snapshot/latest.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { here, jobFor } from '../../support/runs/run-here.ts';
import { newProcess } from '../../support/runs/new-process.ts';

type Run = (transform: Job['transform'], fields?: Partial<Job>) => Promise<Manifest>;

async function withRuns(use: (run: Run, archive: string) => Promise<void>): Promise<void> {
  const served = await serveWorkspace(createSampleWorkspace());
  const extract = [{ rooms: ['general'] }];
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
  it('is completed in a format and a table that the job gets later, and has nothing that is outdated', async () => {
    await withRuns(async (run, archive) => {
      const first = await run({ tables: ['messages'] });
      await purgeNewest(archive);
      const sinks = [{ format: 'jsonl' }, { format: 'csv' }] as const;
      const { completed, coverage, notes } = await run({ tables: ['messages', 'users'] }, { sinks });
      const left = (first.tables['messages'] ?? 0) - 1;
      expect(completed).toEqual([expect.objectContaining({ table: 'messages', format: 'csv', rows: left })]);
      expect(coverage).toMatchObject({ incomplete: [], outdated: [] });
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
      for (const next of [1, 2]) {
        expect(await run(...backfilled)).toMatchObject({ run: filled.run + next, tables: { messages: 0 } });
      }
    });
  });
});
