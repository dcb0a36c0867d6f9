import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import type { Job } from '../../../src/job/job.ts';
import { runJob } from '../../../src/pipeline.ts';
import { rebuildArchive } from '../../../src/rebuild/rebuild-archive.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { fullJob, newProcess } from '../../support/runs/new-process.ts';
import { fileWorkspace } from '../../support/workspaces/file-workspace.ts';

const longIt = quickOrLong(it.skip, it);

type Run = (transform: Job['transform'], fields?: Partial<Job>) => Promise<Manifest>;

async function withRuns(use: (run: Run, archive: string) => Promise<void>): Promise<void> {
  const served = await serveWorkspace(fileWorkspace([{ id: 'one' }, { id: 'two' }]));
  await withArchive((archive) =>
    use((transform, fields) => {
      const job: Partial<Job> = { extract: [{ rooms: ['*'] }], sinks: [{ format: 'jsonl' }], attachments: {} };
      return runJob(fullJob(served.url, archive, { ...job, transform, ...fields }), newProcess());
    }, archive),
  ).finally(() => served.close());
}

const tables = ['messages'] as const;
const without = (...columns: string[]): Job['transform'] => ({ tables, steps: [{ kind: 'dropColumns', columns }] });

describe('a backfill in a job with attachments', () => {
  longIt(
    'forgot that it had made rows anew of `_raw`: every later run did so again, and no rebuild ended',
    async () => {
      await withRuns(async (run, archive) => {
        await run({ tables }, { raw: 'keep' });
        // Of members who left before, no run ever learns: something stays incomplete.
        const wider = { tables: [...tables, 'room_members'], md: 'json' } as const;
        const again = (): Promise<Manifest> => run(wider, { raw: 'keep', backfill: true });
        expect((await again()).refilled?.rows).toBeGreaterThanOrEqual(2);
        for (const next of [await again(), await again()]) {
          expect(next.refilled).toBeUndefined();
          expect(next.tables['messages']).toBe(0);
          expect(next.coverage?.incomplete?.map(({ table }) => table)).toEqual(['room_members']);
        }
        expect((await rebuildArchive(archive, `${archive}-rebuilt`)).differences).toEqual([]);
      });
    },
  );

  longIt('doubled in every run what only the table of files lacks', async () => {
    await withRuns(async (run) => {
      await run(without('path'));
      const once = [{ table: 'files', format: null, columns: ['path'], runs: [{ from: 1, to: 1 }] }];
      for (let later = 2; later <= 4; later += 1) {
        const { coverage } = await run({ tables }, { backfill: true });
        expect(coverage?.incomplete).toMatchObject(once);
      }
    });
  });

  longIt(
    'took rows of files for written anew as soon as the rooms were read again, and named them no more',
    async () => {
      await withRuns(async (run) => {
        await run({ tables });
        for (let later = 2; later <= 3; later += 1) {
          const { coverage } = await run(without('name', 'attachments'), { backfill: true });
          expect(coverage?.outdated).toEqual([
            {
              ...{ table: 'files', runs: [{ from: 1, to: 1 }] },
              because: 'they hold "name", which the job drops now',
            },
          ]);
        }
      });
      await withRuns(async (run) => {
        await run(without('sha256', 'room_id'));
        for (let later = 2; later <= 3; later += 1) {
          const { coverage, tables: rows } = await run({ tables }, { backfill: true });
          expect(coverage?.incomplete).toEqual([
            {
              ...{ table: 'files', format: null, columns: ['room_id', 'sha256'], runs: [{ from: 1, to: 1 }] },
              because: 'their job dropped the columns',
            },
          ]);
          expect(rows['messages']).toBe(later === 2 ? 2 : 0);
        }
      });
    },
  );
});
