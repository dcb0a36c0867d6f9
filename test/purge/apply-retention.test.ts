import { compactArchive } from '../../src/compaction/compact-archive.ts';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { dayMs } from '../../src/model/time/durations.ts';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { walkFiles } from '../../src/archive/walk-files.ts';
import { loginUser } from '../../src/demo/sample/people.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import type { Job } from '../../src/job/job.ts';
import { runJob } from '../../src/pipeline.ts';
import { applyRetention } from '../../src/purge/apply-retention.ts';
import type { RunEvent } from '../../src/run-event.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { sampleKey } from '../support/archives/sample-keys.ts';
import { virtualClock } from '../support/clocks/virtual-clock.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import { createSmallWorkspace, plainMessage } from '../support/workspaces/small-workspace.ts';

const inFolder = temporaryFolder();
const mallory = { _id: 'otherUser', username: 'mallory', name: 'Mallory' };
const retention: Job['retention'] = { messages: { count: 90, unit: 'days' }, reason: 'policy 4.2', by: 'J. Doe, DPO' };

/** One message a day, at noon, from 2024-01-01 on; the first is by somebody who is held. */
const workspace = createSmallWorkspace(
  Array.from({ length: 6 }, (_, at) =>
    plainMessage(at, {
      ts: new Date(Date.UTC(2024, 0, 1 + at, 12)).toISOString(),
      msg: `words of day ${at}`,
      u: at === 0 ? mallory : loginUser,
    }),
  ),
);

/** The days of which words are anywhere in the archive. */
async function daysIn(archive: string): Promise<readonly number[]> {
  const days = new Set<number>();
  for await (const { path } of walkFiles(nodeDisk, archive)) {
    const bytes = readFileSync(path);
    const text = String(path.endsWith('.gz') ? gunzipSync(bytes) : bytes);
    for (const [, day] of text.matchAll(/words of day (\d)/g)) days.add(Number(day));
  }
  return [...days].sort();
}

it('repeats the purge after each run, leaves what is held, and writes nothing when nothing has become too old', async () => {
  const archive = inFolder('retention');
  const served = await serveWorkspace(workspace);
  const events: RunEvent[] = [];
  const clock = virtualClock(Date.UTC(2024, 2, 31, 9));
  const { privatePem, publicPem, signer } = sampleKey(1);
  const fields: Partial<Job> = {
    hold: { users: ['mallory'] },
    raw: 'keep',
    transcript: true,
    sign: { key: privatePem },
  };
  const job = { ...jobFor(served.url, archive, fields), retention };
  const run = async (): Promise<void> => {
    events.length = 0;
    await runJob(job, { ...here, clock, onEvent: (event) => events.push(event) });
  };
  const purged = (): unknown => events.find(({ kind }) => kind === 'purged');
  try {
    // 90 days before 31 March is 1 January: nothing is older.
    await run();
    expect(purged()).toBeUndefined();
    expect(await daysIn(archive)).toEqual([0, 1, 2, 3, 4, 5]);

    clock.setTo(clock.now() + 3 * dayMs);
    await run();
    expect(purged()).toEqual({ kind: 'purged', run: 3, messages: 2, before: '2024-01-04T00:00:00.000Z', held: 1 });
    const manifest: unknown = JSON.parse(readFileSync(join(archive, '_manifest', 'run-000003.json'), 'utf8'));
    expect(manifest).toMatchObject({ kind: 'purge', job: 'test', reason: 'policy 4.2', by: 'J. Doe, DPO' });
    expect(await daysIn(archive)).toEqual([0, 3, 4, 5]);

    clock.setTo(clock.now() + dayMs / 2);
    await run();
    expect(purged()).toBeUndefined();
    expect(await nodeDisk.list(join(archive, '_manifest'))).not.toContain('run-000005.json');

    const compacting = { ...here, clock, keeps: 'latest' as const, signer };
    await expect(compactArchive(archive, compacting)).rejects.toThrow(
      'to the newest versions: its job holds "mallory"',
    );
    expect(await daysIn(archive)).toEqual([0, 3, 4, 5]);

    // A hold that has ended ends it for what is too old, too.
    const { hold, ...unheld } = job;
    expect(hold).toBeDefined();
    await runJob(unheld, { ...here, clock, everyRoom: true });
    expect(await daysIn(archive)).toEqual([3, 4, 5]);
    expect(await verifyArchive(archive, { publicKey: publicPem })).toMatchObject({ differences: [] });
  } finally {
    await served.close();
  }
});

it('leaves the run published when the archive cannot be purged, and says so', async () => {
  const archive = inFolder('columns');
  const served = await serveWorkspace(workspace);
  const transform: Job['transform'] = { tables: ['messages'], steps: [{ kind: 'dropColumns', columns: ['ts'] }] };
  try {
    await runJob(jobFor(served.url, archive, { transform }), here);
    const later = runJob(jobFor(served.url, archive, { retention }), here);
    await expect(later).rejects.toMatchObject({
      exitCode: 75,
      message: expect.stringContaining('The run is published, and what is too old could not be purged: Cannot purge'),
    });
    expect(await verifyArchive(archive)).toMatchObject({ differences: [], runs: 2 });
  } finally {
    await served.close();
  }
});

it('asks nothing of an archive whose job has none', async () => {
  const job = { name: 'test', output: inFolder('none') };
  const { clock, random } = here;
  const signal = new AbortController().signal;
  expect(await applyRetention(job, { disk: nodeDisk, clock, random, signal })).toBeUndefined();
});
