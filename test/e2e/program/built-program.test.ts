import type { RunResult } from '../../../src/cli/result/run-result.ts';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { type ServedWorkspace, serveWorkspace } from '../../../src/demo/server/server.ts';
import type { Job } from '../../../src/job/job.ts';
import { filesTableName, tableNames } from '../../../src/model/table-name.ts';
import { runJob } from '../../../src/pipeline.ts';
import { thisProcess } from '../../../src/system/this-process.ts';
import { here, jobFor } from '../../support/runs/run-here.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

/** A job gets the table of files by its `attachments`. */
const jobTables = tableNames.filter((name) => name !== filesTableName);

/** Runs a job in a process of its own, from the build, with its load half in worker threads. */
async function runBuilt(job: Job, loadThreads: number, folder: string): Promise<void> {
  const library = pathToFileURL(join(import.meta.dirname, '../../../dist/index.js')).href;
  // A file and not `--eval`: threads inherit the options of their process.
  const script = join(folder, 'run-job.mjs');
  await writeFile(
    script,
    `import { nodeDisk, runJob, systemClock } from '${library}';
    const [job, loadThreads] = JSON.parse(process.argv[2]);
    const holder = { pid: process.pid, host: 'localhost', processStartId: null, pidNamespace: 'pid:[1]', bootId: 'boot' };
    await runJob(job, {
      clock: systemClock, random: Math.random, disk: nodeDisk, process: holder, isAlive: () => true, loadThreads,
    });`,
  );
  await promisify(execFile)(process.execPath, [script, JSON.stringify([job, loadThreads])]);
}

/** Runs a job file through the command line. */
async function runCommand(jobFile: string, env: Readonly<Record<string, string>>): Promise<Manifest> {
  const bin = join(import.meta.dirname, '../../../dist/bin.js');
  const { stdout } = await promisify(execFile)(process.execPath, [bin, 'run', jobFile, '--json'], {
    env: { PATH: process.env['PATH'], ...env },
  });
  const { archive, manifest } = JSON.parse(stdout) as RunResult;
  return JSON.parse(await readFile(join(archive ?? '', manifest?.path ?? ''), 'utf8')) as Manifest;
}

/** Several processes start here, on machines that may be busy. */
const timeoutMs = 60_000;

const rooms = ['ops-oncall', 'project-lantern', 'hiring-panel'];

const fields: Partial<Job> = {
  name: 'built',
  extract: [
    { endpoint: 'groups.messages', rooms },
    { endpoint: 'chat.getMentionedMessages', rooms },
  ],
  transform: { tables: jobTables },
  sinks: [{ format: 'csv' }, { format: 'jsonl', compression: 'zstd' }, { format: 'parquet' }],
};

const jobFile = `
name: built
server:
  url: \${ROCKETCHAT_URL}
extract:
  - endpoint: groups.messages
    rooms: [${rooms.join(', ')}]
  - endpoint: chat.getMentionedMessages
    rooms: [${rooms.join(', ')}]
transform:
  tables: [${jobTables.join(', ')}]
sinks:
  - format: csv
  - format: jsonl
    compression: zstd
  - format: parquet
output: OUTPUT
`;

describe('the built program', () => {
  let served: ServedWorkspace;
  let folder: string;
  let expected: Manifest;
  beforeAll(async () => {
    served = await serveWorkspace(createSampleWorkspace(), { cap: 100 });
    folder = await mkdtemp(join(tmpdir(), 'e2e-'));
    expected = await runJob(jobFor(served.url, join(folder, 'here'), fields), here);
  }, timeoutMs);
  afterAll(async () => {
    await served.close();
    await rm(folder, { recursive: true });
  });

  longIt(
    'writes the same bytes with its load half in worker threads as without any',
    async () => {
      expect(expected.files).toHaveLength(jobTables.length * 3);
      const output = join(folder, 'threads');
      // Two threads share three formats.
      await runBuilt(jobFor(served.url, output, fields), 2, folder);
      const text = await readFile(join(output, '_manifest/run-000001.json'), 'utf8');
      const { files, tables } = JSON.parse(text) as Manifest;
      expect(files).toEqual(expected.files);
      expect(tables).toEqual(expected.tables);
    },
    timeoutMs,
  );

  longIt(
    'writes the same bytes through its command line, and nothing at a second run',
    async () => {
      const path = join(folder, 'job.yaml');
      await writeFile(path, jobFile.replace('OUTPUT', join(folder, 'command')));
      const { userId, authToken } = sampleLogin;
      const env = { ROCKETCHAT_URL: served.url, ROCKETCHAT_USER_ID: userId, ROCKETCHAT_AUTH_TOKEN: authToken };
      const { files, tables, gaps } = await runCommand(path, env);
      expect({ files, tables, gaps }).toEqual({ files: expected.files, tables: expected.tables, gaps: [] });
      expect((await runCommand(path, env)).files).toEqual([]);
    },
    timeoutMs,
  );

  longIt(
    'runs a job as docs/library.md shows, also when a run before was killed',
    async () => {
      const document = await readFile(join(import.meta.dirname, '../../../docs/library.md'), 'utf8');
      const [, block = ''] = /```ts\n(import \{[^`]*runJob\(job\)[^`]*)```/.exec(document) ?? [];
      expect(block).toContain('loadJob');
      const output = join(folder, 'library');
      await writeFile(join(folder, 'library.yaml'), jobFile.replace('OUTPUT', output));
      const script = join(folder, 'library.mjs');
      const index = pathToFileURL(join(import.meta.dirname, '../../../dist/index.js')).href;
      const code = block
        .replace("'rocketchat-export'", `'${index}'`)
        .replace("'jobs/nightly-archive.yaml'", JSON.stringify(join(folder, 'library.yaml')));
      expect(code).not.toBe(block);
      await writeFile(script, code);
      // What a process that is gone left: nobody has to remove it.
      await mkdir(output);
      const dead = spawn(process.execPath, ['-e', '']);
      await once(dead, 'close');
      const holder = { ...thisProcess(), pid: dead.pid, processStartId: null, startedAt: '2026-01-01T00:00:00.000Z' };
      await writeFile(join(output, '_lock.json'), JSON.stringify(holder));

      const { userId, authToken } = sampleLogin;
      const env = { ROCKETCHAT_URL: served.url, ROCKETCHAT_USER_ID: userId, ROCKETCHAT_AUTH_TOKEN: authToken };
      await promisify(execFile)(process.execPath, [script], { env });
      const { files } = JSON.parse(await readFile(join(output, '_manifest/run-000001.json'), 'utf8')) as Manifest;
      expect(files).toEqual(expected.files);
    },
    timeoutMs,
  );
});
