import { expect, it } from '@jest/globals';
import { loadFiles } from '../../src/load/load-files.ts';
import { loadPlanOf } from '../../src/load/load-plan.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';
import { sampleLoad } from '../support/plans/sample-load.ts';
import { sampleRunPlan } from '../support/plans/sample-run-plan.ts';
import { emptyState } from '../../src/archive/state/state.ts';
import { jobFor } from '../support/runs/run-here.ts';

it('forgot, in a job with attachments, that the run had made rows anew of `_raw`', async () => {
  const disk = new MemoryDisk();
  const job = jobFor('http://localhost', '/archive', { attachments: {} });
  const plan = loadPlanOf(job, sampleRunPlan({ run: 1 }), emptyState);
  const refilled = { rows: 3, because: '"messages" lacks column md of earlier runs' };
  const { completion } = sampleLoad();
  const loaded = sampleLoad({ completion: { ...completion, refilled } });
  expect((await loadFiles(disk, plan, loaded, [])).completion.refilled).toEqual(refilled);
});
