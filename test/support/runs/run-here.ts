import { hostname } from 'node:os';
import { systemClock } from '../../../src/system/clock.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import type { Job } from '../../../src/job/job.ts';
import type { Environment } from '../../../src/environment.ts';

/** Runs a job in this process, with the real clock and disk. */
export const here: Environment = {
  clock: systemClock,
  random: () => 0.5,
  disk: nodeDisk,
  process: { pid: process.pid, host: hostname(), processStartId: null, pidNamespace: 'pid:[1]', bootId: 'boot' },
  isAlive: () => true,
  operator: { host: 'here', user: 'archivist' },
  variables: {},
  // Jest loads no TypeScript into a worker thread.
  loadThreads: 0,
};

/** A job for the sample login; `fields` are what the test is about. */
export function jobFor(url: string, output: string, fields: Partial<Job> = {}): Job {
  const { userId, authToken } = sampleLogin;
  return {
    name: 'test',
    server: { url, login: { kind: 'token', userId, authToken } },
    extract: [{ endpoint: 'groups.messages', rooms: ['*'] }],
    transform: { tables: ['messages'] },
    sinks: [{ format: 'jsonl' }],
    output,
    concurrency: 4,
    ...fields,
  };
}
