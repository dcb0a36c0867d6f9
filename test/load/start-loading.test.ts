import { expect, it } from '@jest/globals';
import { emptyState } from '../../src/archive/state/state.ts';
import type { Job } from '../../src/job/job.ts';
import { loadPlanOf, type LoadPlan } from '../../src/load/load-plan.ts';
import { isLight } from '../../src/load/start-loading.ts';
import type { RunPlan } from '../../src/plan/run-plan.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';
import { sampleChanges } from '../support/plans/sample-changes.ts';
import { sampleRunPlan } from '../support/plans/sample-run-plan.ts';
import { sampleStream } from '../support/plans/sample-stream.ts';
import { jobFor } from '../support/runs/run-here.ts';

const plugin = { use: './own.mjs', cwd: '/', options: {}, writtenOptions: {} };
const jsonl = { format: 'jsonl' } as const;
const stream = sampleStream();

function planOf(run: Partial<RunPlan> = {}, job: Partial<Job> = {}, more: Partial<LoadPlan> = {}): LoadPlan {
  const made: Job = { ...jobFor('http://localhost', '/archive'), ...job };
  return { ...loadPlanOf(made, sampleRunPlan({ run: 1, streams: [stream], ...run }), emptyState), ...more };
}

it.each([
  ['of a first run', planOf(), true],
  ['of a run that is compared with rows of earlier ones', planOf({ changes: [sampleChanges()] }), false],
  ['of a list that earlier runs wrote', planOf({ streams: [{ ...stream, mayReplace: true }] }), false],
  [
    'of a table that is made anew',
    planOf({}, {}, { refill: { folder: '/again', because: 'it lacks a column' } }),
    false,
  ],
  ['of earlier runs made once more', planOf({}, {}, { replayed: '/again' }), false],
  ['by a sink of one’s own', planOf({}, { sinks: [jsonl, { format: 'plug-in', plugin }] }), false],
  [
    'by a step of one’s own',
    planOf({}, { transform: { tables: ['messages'], steps: [{ kind: 'use', plugin }] } }),
    false,
  ],
])('a load %s is light or not', async (_, plan, expected) => {
  expect(await isLight(new MemoryDisk(), plan)).toBe(expected);
});
