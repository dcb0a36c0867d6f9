import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import type { Job } from '../../../src/job/job.ts';
import type { Environment, RunOptions } from '../../../src/environment.ts';
import { leapingClock } from '../clocks/leaping-clock.ts';

let processes = 0;

/** The world of a new process: every one has a pid of its own, and none that held a lock is alive any more. */
export function newProcess(fields: RunOptions = {}): Environment & RunOptions {
  processes += 1;
  return {
    clock: leapingClock(),
    random: () => 0,
    disk: nodeDisk,
    process: { pid: processes, host: 'here', processStartId: null, pidNamespace: 'pid:[1]', bootId: 'boot' },
    isAlive: () => false,
    operator: { host: 'here', user: 'archivist' },
    variables: {},
    // Jest loads no TypeScript into a worker thread.
    loadThreads: 0,
    ...fields,
  };
}

/** A job that reads all rooms of the sample login with both endpoints into every table in every format. */
export function fullJob(url: string, output: string, fields: Partial<Job> = {}): Job {
  const { userId, authToken } = sampleLogin;
  return {
    name: 'crash',
    server: { url, login: { kind: 'token', userId, authToken } },
    extract: [
      { endpoint: 'groups.messages', rooms: ['*'] },
      { endpoint: 'chat.getMentionedMessages', rooms: ['*'] },
    ],
    transform: { tables: ['messages', 'mentioned_messages', 'mentions', 'reactions', 'rooms'] },
    sinks: [{ format: 'csv' }, { format: 'jsonl' }, { format: 'parquet' }],
    output,
    concurrency: 3,
    ...fields,
  };
}
