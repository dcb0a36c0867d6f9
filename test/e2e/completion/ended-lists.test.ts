import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import type { Job } from '../../../src/job/job.ts';
import type { Row } from '../../../src/model/column.ts';
import type { TableName } from '../../../src/model/table-name.ts';
import { runJob } from '../../../src/pipeline.ts';
import { latest } from '../../../src/snapshot/latest.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { jobFor } from '../../support/runs/run-here.ts';

type Entry = Job['extract'][number];

const room: Entry = { rooms: ['design-review'] };
const [since, past, future] = ['2021-01-01', '2025-07-01', '2100-01-01'].map((date) => Date.parse(date));
const within = (sinceMs: number | null = null, untilMs: number | null = null): Entry => ({
  ...room,
  period: { sinceMs, untilMs },
});

const cases: readonly (readonly [string, readonly Entry[], Entry])[] = [
  ['was read until a time to come', [within(null, future)], within(null, future)],
];
const longCases: typeof cases = [
  ['is read until a time only now', [room], within(null, future)],
  ['is read until a time in the past only now', [room], within(null, past)],
  ['was read since a time and until one', [within(since, future)], within(since, future)],
  ['is read since an earlier time and until one', [within(since, future)], within(null, future)],
  ['is read by time', [{ ...within(null, future), via: 'history' }], { ...within(null, future), via: 'history' }],
  ['was read until a time that has passed', [within(null, past)], within(null, future)],
];

describe('a table that a run makes first of a list which ends before the job does', () => {
  it.each(quickOrLong(cases, [...cases, ...longCases]))(
    'has the last message, too: the list %s',
    async (_, early, now) => {
      const workspace = createSampleWorkspace();
      const served = await serveWorkspace(workspace);
      await withArchive(async (folder) => {
        const run = (name: string, entry: Entry, tables: readonly TableName[]): ReturnType<typeof runJob> => {
          const fields = { extract: [entry], transform: { tables }, sinks: [{ format: 'jsonl' as const }] };
          return runJob(jobFor(served.url, join(folder, name), fields), newProcess());
        };
        for (const entry of early) await run('changed', entry, ['messages']);
        const { coverage } = await run('changed', now, ['messages', 'mentions']);
        for (const entry of [...early, now]) await run('whole', entry, ['messages', 'mentions']);
        const found = await mentionsIn(join(folder, 'changed'));
        expect(found).toEqual(await mentionsIn(join(folder, 'whole')));
        expect(found.length).toBeGreaterThan(10);
        expect(coverage?.incomplete).toEqual([]);
      }).finally(() => served.close());
    },
  );
});

async function mentionsIn(archive: string): Promise<readonly string[]> {
  const rows: string[] = [];
  for await (const batch of (await latest(archive, { table: 'mentions' })).rows)
    rows.push(...batch.map((row: Row) => JSON.stringify([row['message_id'], row['position']])));
  return rows.sort();
}
