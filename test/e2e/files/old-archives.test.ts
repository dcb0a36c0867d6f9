import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { runJob } from '../../../src/pipeline.ts';
import { leapingClock } from '../../support/clocks/leaping-clock.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { fullJob, newProcess } from '../../support/runs/new-process.ts';
import { Version1Workspace } from '../../support/workspaces/version-1-workspace.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

describe('an archive of the first program', () => {
  it.each(quickOrLong(['compacted'], ['published', 'compacted']))(
    'is looked through for files when a job begins to save them (%s)',
    async (name) => {
      const workspace = new Version1Workspace();
      workspace.nextDay();
      workspace.nextDay();
      const served = await workspace.serve();
      await withArchive(async (archive) => {
        await cp(join(import.meta.dirname, '../../fixtures/version-1', name), archive, { recursive: true });
        const job = fullJob(served.url, archive, {
          ...{
            name: 'nightly',
            transform: { tables: ['messages', 'mentions', 'reactions', 'rooms'] },
            attachments: {},
          },
        });
        const manifest = await runJob(job, newProcess({ clock: leapingClock(workspace.nowMs) }));
        expect(manifest.tables['files']).toBeDefined();
        expect(manifest.coverage?.files).toBeDefined();
        expect((await verifyArchive(archive)).differences).toEqual([]);
      }).finally(() => served.close());
    },
  );
});
