import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serveWorkspace, type ServedWorkspace } from '../../src/demo/server/server.ts';
import {
  changeState,
  compareWithServer,
  connect,
  createSink,
  emitLines,
  InterruptedError,
  JobError,
  jobFromFlags,
  latest,
  loadArchive,
  loadJob,
  messageHistory,
  messageTables,
  nodeDisk,
  pullArchive,
  purgeArchive,
  pushArchive,
  rebuildArchive,
  runJob,
  scheduleJobs,
  searchArchive,
  signerFromKey,
  systemClock,
  tableJsonSchema,
  UsageError,
  verifyArchive,
  verifyPushed,
  writeReport,
  writeTranscript,
  type EmitState,
  type Job,
  type ScheduleEvent,
  type StorageAccess,
} from '../../src/index.ts';
import { storageAccess } from '../../src/storage/access/storage-access.ts';
import { sampleKey } from '../support/archives/sample-keys.ts';
import { jobFor } from '../support/runs/run-here.ts';
import { strictS3, type StrictS3 } from '../support/storage/strict-s3.ts';
import { createSmallWorkspace, plainMessage } from '../support/workspaces/small-workspace.ts';

const messages = 12;
// Jest loads no TypeScript into a thread; all else is as it is for everybody.
const inThisThread = { loadThreads: 0 };
const { privatePem } = sampleKey(1);
const signer = signerFromKey(privatePem);

let folder: string;
let served: ServedWorkspace;
let store: StrictS3;
let access: StorageAccess;
let job: Job;
let archive: string;
const inFolder = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'library-'));
  served = await serveWorkspace(createSmallWorkspace(Array.from({ length: messages }, (_, at) => plainMessage(at))));
  store = await strictS3({});
  access = await storageAccess(nodeDisk, store.variables);
  archive = inFolder('archive');
  job = jobFor(served.url, archive, { raw: 'keep', sign: { key: privatePem } });
  await runJob(job, inThisThread);
});

afterAll(async () => {
  await served.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the library on an archive, without anything but a folder', () => {
  it('loads a database, each run once', async () => {
    const to = `sqlite:${inFolder('chat.db')}`;
    expect(await loadArchive(archive, to)).toMatchObject({ links: 1, rows: messages, newest: 1 });
    expect(await loadArchive(archive, to)).toMatchObject({ links: 0, rows: 0, newest: 1 });
    await expect(loadArchive(archive, 'mysql://chat')).rejects.toThrow(UsageError);
    await expect(loadArchive(inFolder('nothing'), to)).rejects.toThrow(UsageError);
  });

  it.each(['singer', 'airbyte'] as const)('emits what is new since a state, as %s has it', async (protocol) => {
    let last: EmitState | undefined;
    const emitted = async (): Promise<number> => {
      let text = '';
      for await (const { lines, state } of emitLines(archive, protocol, last === undefined ? {} : { state: last })) {
        text += lines;
        last = state ?? last;
      }
      return text.split('\n').filter((line) => line.includes('"type":"RECORD"') && line.includes('"message_id"'))
        .length;
    };
    expect(await emitted()).toBe(messages);
    expect(last).toMatchObject({ run: 1 });
    expect(await emitted()).toBe(0);
  });

  it('pushes to an object store, verifies what is there, and pulls it', async () => {
    const to = 's3://archives/library';
    expect(await pushArchive(archive, to, { access })).toMatchObject({ links: 1, newest: 1 });
    expect(await pushArchive(archive, to, { access })).toMatchObject({ links: 0, files: 0 });
    expect(await verifyPushed(to, { access })).toMatchObject({ runs: 1, rows: { messages }, differences: [] });
    const pulled = inFolder('pulled');
    expect(await pullArchive(to, pulled, { access })).toMatchObject({ runs: 1 });
    expect((await verifyArchive(pulled)).differences).toEqual([]);
    await expect(pushArchive(archive, 'archives/library', { access })).rejects.toThrow(UsageError);
  });

  it('writes pages and a report, and finds messages', async () => {
    expect(await writeTranscript(archive, inFolder('transcript'))).toMatchObject({ messages });
    expect(await writeReport(archive, inFolder('report.html'))).toMatchObject({ messages });
    const ids: string[] = [];
    for await (const batch of (await latest(archive)).rows)
      ids.push(...batch.map((row) => JSON.stringify(row['message_id'])));
    expect((await messageHistory(archive, String(JSON.parse(ids[0] ?? ''))))?.versions).toHaveLength(1);
    const found = [];
    for await (const message of (await searchArchive(archive, 'message')).messages) found.push(message);
    expect(found.length).toBeLessThanOrEqual(messages);
  });

  it('makes the tables anew of kept responses, and compares with the server', async () => {
    expect(await rebuildArchive(archive, inFolder('rebuilt'))).toMatchObject({ runs: 1, equal: 1, differences: [] });
    expect(await compareWithServer(archive, job)).toMatchObject({ differs: [] });
  });

  it('purges messages, and says who wanted it', async () => {
    const own = inFolder('purged');
    await runJob({ ...job, output: own }, inThisThread);
    const why = { reason: 'retention', by: 'an admin' };
    const target = { kind: 'messages', ids: [plainMessage(3)._id] } as const;
    await expect(purgeArchive(own, target, why)).rejects.toThrow(UsageError);
    expect(await purgeArchive(own, target, { ...why, signer })).toMatchObject({ kind: 'purged', manifest: why });
  });

  it('has the next run read a room again, or all of them, and makes the state anew', async () => {
    const own = inFolder('reset');
    await runJob({ ...job, output: own }, inThisThread);
    await expect(changeState(own, { kind: 'reset', rooms: ['smal'] }, { signer })).rejects.toThrow('No run has read');
    await expect(changeState(own, { kind: 'forget' })).rejects.toThrow(UsageError);
    const { run, lists } = await changeState(own, { kind: 'reset', rooms: ['small'] }, { signer });
    expect({ run, lists }).toMatchObject({ run: 2, lists: [{ room: { name: 'small' }, reset: true }] });
    expect(await changeState(own, { kind: 'forget' }, { signer })).toMatchObject({ run: 3, lists: [{ reset: true }] });
    await rm(join(own, '_state.json'));
    expect(await changeState(own, { kind: 'rebuild' })).toMatchObject({ run: 3, lists: [{ reset: true }] });
    expect(await readdir(own)).not.toContain('_lock');
    const again = await runJob({ ...job, output: own }, inThisThread);
    expect(again).toMatchObject({ run: 4, tables: { messages } });
    await expect(changeState(inFolder('nothing'), { kind: 'forget' })).rejects.toThrow(UsageError);
    expect(await readdir(folder)).not.toContain('nothing');
  });
});

describe('a schedule of the library', () => {
  const timed = (): Job => ({ ...job, output: inFolder('timed'), schedule: '* * * * *' });

  it('runs jobs at their times until the signal, and keeps a file of where they stand', async () => {
    const end = new AbortController();
    const events: ScheduleEvent[] = [];
    const healthFile = inFolder('health.json');
    // So that the next minute begins soon.
    const aheadMs = 59_950 - (systemClock.now() % 60_000);
    const clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
    await scheduleJobs([timed()], {
      ...{ clock, healthFile, signal: end.signal },
      run: (due, options) => runJob(due, { ...inThisThread, ...options }),
      onEvent: (event) => {
        events.push(event);
        if (event.kind === 'ended') end.abort(new InterruptedError('SIGTERM'));
      },
    });
    expect(events.map(({ kind }) => kind)).toEqual(['planned', 'waiting', 'started', 'ended']);
    expect(events.at(-1)).toMatchObject({ result: { exitCode: 0, published: { messages, gaps: 0 } } });
    expect(JSON.parse(await readFile(healthFile, 'utf8'))).toMatchObject({ status: 'ok', jobs: { test: {} } });
  });

  it('goes on when a run fails, and hands its error over', async () => {
    const end = new AbortController();
    const failure = new JobError('It does not fit', { hint: 'Change it' });
    const results: unknown[] = [];
    let nowMs = 0;
    const clock = { now: () => nowMs, sleep: (ms: number) => Promise.resolve(void (nowMs += ms)) };
    await scheduleJobs([timed()], {
      ...{ clock, signal: end.signal },
      run: () => Promise.reject(failure),
      onEvent: (event, { consecutiveFailures }) => {
        if (event.kind === 'ended') results.push({ ...event.result, consecutiveFailures });
        if (results.length === 2) end.abort();
      },
    });
    expect(results).toEqual([
      { exitCode: 78, published: null, error: failure, consecutiveFailures: 1 },
      { exitCode: 78, published: null, error: failure, consecutiveFailures: 2 },
    ]);
  });

  it('refuses a job without a time, and two of one name', async () => {
    await expect(scheduleJobs([job])).rejects.toThrow('it has no "schedule"');
    await expect(scheduleJobs([timed(), timed()])).rejects.toThrow('two jobs of the name "test"');
  });
});

describe('the parts of the library', () => {
  it('describe tables, make jobs and sinks, and open a door to a workspace', async () => {
    const { messages: table } = messageTables({ md: false });
    expect(tableJsonSchema(table)).toMatchObject({ title: 'messages' });
    const flags = { url: served.url, rooms: ['*'], output: 'out' };
    const env = { ROCKETCHAT_USER_ID: 'user', ROCKETCHAT_AUTH_TOKEN: 'token' };
    expect(jobFromFlags(flags, env, folder)).toMatchObject({ output: inFolder('out') });
    const file = join(import.meta.dirname, '../../jobs/nightly-archive.yaml');
    expect(await loadJob(file, { ...env, ROCKETCHAT_URL: served.url }, folder)).toMatchObject({
      name: 'nightly-archive',
    });
    expect(createSink({ format: 'jsonl' }, nodeDisk)).toMatchObject({ format: 'jsonl' });
    const chat = await connect({ ...job.server, clock: systemClock, concurrency: 1, random: Math.random });
    expect(chat.user.username).toEqual(expect.any(String));
    await chat.close();
  });
});
