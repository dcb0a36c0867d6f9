import { describe, expect, it } from '@jest/globals';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { runReport } from '../../../src/cli/report/run-report.ts';
import type { Job } from '../../../src/job/job.ts';
import { runJob } from '../../../src/pipeline.ts';
import { compactHere } from '../../support/archives/compact-here.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { jobFor } from '../../support/runs/run-here.ts';
import { newProcess } from '../../support/runs/new-process.ts';

async function withRuns(
  use: (run: (transform: Job['transform']) => Promise<Manifest>, archive: string) => Promise<void>,
): Promise<void> {
  const served = await serveWorkspace(createSampleWorkspace());
  const extract = [{ rooms: ['general'] }];
  await withArchive((archive) =>
    use((transform) => runJob(jobFor(served.url, archive, { extract, transform }), newProcess()), archive),
  ).finally(() => served.close());
}

const tables = ['messages', 'links'] as const;

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
        'earlier runs: 1 column of "messages" without runs 1, 1 column of "messages" without runs 1, 1 column of "links" without runs 1\n',
      );
      expect((await run({ tables, md: 'json' })).coverage?.incomplete).toEqual(incomplete);
      await compactHere(archive);
      expect((await run({ tables, md: 'json' })).coverage?.incomplete).toEqual(incomplete);
      expect((await run({ tables })).coverage?.incomplete).toEqual(
        incomplete.filter(({ columns }) => columns[0] !== 'md'),
      );
    });
  });

  it('are none where the job has been the same from the beginning', async () => {
    await withRuns(async (run, archive) => {
      for (let at = 0; at < 3; at++) {
        const manifest = await run({ tables, md: 'json' });
        expect(manifest.coverage?.incomplete).toEqual([]);
        expect(runReport(manifest, { archive, cwd: archive, tookMs: 1 })).toContain(
          'earlier runs: all is in every table, format and column\n',
        );
      }
    });
  });
});
