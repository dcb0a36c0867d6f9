import { expect, it } from '@jest/globals';
import type { Completion } from '../../src/model/run/load-result.ts';
import { loadFiles } from '../../src/load/load-files.ts';
import { loadPlanOf } from '../../src/load/load-plan.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';
import { sampleLoad } from '../support/plans/sample-load.ts';
import { sampleRunPlan } from '../support/plans/sample-run-plan.ts';
import { emptyState } from '../../src/archive/state/state.ts';
import { jobFor } from '../support/runs/run-here.ts';

async function completionOf(of: Partial<Completion>): Promise<Completion> {
  const job = jobFor('http://localhost', '/archive', { attachments: {} });
  const plan = loadPlanOf(job, sampleRunPlan({ run: 1 }), emptyState);
  const loaded = sampleLoad({ completion: { ...sampleLoad().completion, ...of } });
  return (await loadFiles(new MemoryDisk(), plan, loaded, [])).completion;
}

it('forgot, in a job with attachments, that the run had made rows anew of `_raw`', async () => {
  const refilled = { rows: 3, because: '"messages" lacks column md of earlier runs' };
  expect((await completionOf({ refilled })).refilled).toEqual(refilled);
});

it('doubled with every run what the table of files lacks', async () => {
  const lacking = { columns: ['path'], runs: [1], because: 'their job dropped the columns' };
  const messages = { ...lacking, table: 'messages' };
  const { columns, outdated } = await completionOf({
    columns: [messages, { ...lacking, table: 'files' }],
    outdated: [messages, { ...lacking, table: 'files' }],
  });
  expect(columns).toEqual([messages]);
  expect(outdated).toEqual([messages]);
});
