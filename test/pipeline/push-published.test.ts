import { existsSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { publishedRuns } from '../../src/archive/manifest/run-manifests.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { runJob } from '../../src/pipeline.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import type { RunEvent } from '../../src/run-event.ts';
import { closeAfterEach } from '../support/close-after-each.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { failure } from '../support/failure.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import { instantly } from '../support/storage/open-bucket.ts';
import { verifyThere } from '../support/storage/push-here.ts';
import { startedStores } from '../support/storage/started-store.ts';
import { createSmallWorkspace } from '../support/workspaces/small-workspace.ts';

const inFolder = temporaryFolder();
const storeWith = startedStores();
const onEnd = closeAfterEach();
const push = { to: { bucket: 'archives', prefix: 'nightly' } } as const;

async function jobOf(output: string, more: Parameters<typeof jobFor>[2]) {
  const server = await serveWorkspace(createSmallWorkspace(3));
  onEnd(() => server.close());
  return jobFor(server.url, output, { sinks: [{ format: 'csv' }], push, ...more });
}

it('a run that cannot be pushed stays published, loads its database, and the next run pushes both', async () => {
  let isDown = true;
  const store = await storeWith({ fault: () => (isDown ? 'cut-before' : undefined) });
  const load = { kind: 'sqlite', path: inFolder('chat.db') } as const;
  const job = await jobOf(inFolder('archive'), { load });
  const events: RunEvent[] = [];
  const environment = {
    ...{ ...here, variables: store.variables, clock: instantly.clock },
    onEvent: (event: RunEvent) => void events.push(event),
  };
  expect(await failure(runJob(job, environment))).toMatchObject({
    exitCode: 75,
    message: expect.stringMatching(/^The run is published, and could not be pushed: Cannot read "s3:.*gave no answer/),
  });
  expect(await publishedRuns(nodeDisk, job.output)).toEqual([1]);
  expect(events.at(-1)).toMatchObject({ kind: 'loaded-database' });
  isDown = false;
  await runJob(job, environment);
  expect(events.filter(({ kind }) => kind === 'pushed')).toMatchObject([
    { links: 2, newest: 2, to: 's3://archives/nightly' },
  ]);
  expect(await verifyThere(store.variables)).toMatchObject({ runs: 2, differences: [] });
});

it('a job that pushes does not begin without keys', async () => {
  const job = await jobOf(inFolder('no-keys'), {});
  expect(await failure(runJob(job, here))).toMatchObject({
    exitCode: 64,
    hint: expect.stringContaining('AWS_PROFILE'),
  });
  expect(existsSync(job.output)).toBe(false);
});

it.each([
  ['refused keys', { AWS_SECRET_ACCESS_KEY: 'wrong' }, /SignatureDoesNotMatch/],
  ['no bucket', {}, /has no bucket/],
])('%s are 75 behind a run, not what they are of the command', async (what, variables, message) => {
  const store = await storeWith(what === 'no bucket' ? { buckets: {} } : {});
  const job = await jobOf(inFolder(what), {});
  const environment = { ...here, variables: { ...store.variables, ...variables }, clock: instantly.clock };
  expect(await failure(runJob(job, environment))).toMatchObject({
    exitCode: 75,
    message: expect.stringMatching(message),
    hint: expect.any(String),
  });
});
