import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { serveWorkspace, type ServedWorkspace } from '../../src/demo/server/server.ts';
import {
  checkJob,
  compactArchive,
  DifferenceError,
  InterruptedError,
  JobError,
  latest,
  planJob,
  readState,
  runJob,
  UsageError,
  verifyArchive,
  writeLatest,
  type Job,
} from '../../src/index.ts';
import { jobFor } from '../support/runs/run-here.ts';
import { createSmallWorkspace, plainMessage } from '../support/workspaces/small-workspace.ts';

const messages = 12;
let folder: string;
let served: ServedWorkspace;
let job: Job;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'library-'));
  served = await serveWorkspace(createSmallWorkspace(Array.from({ length: messages }, (_, at) => plainMessage(at))));
  job = jobFor(served.url, join(folder, 'archive'));
});

afterAll(async () => {
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the library without anything but a job and a folder', () => {
  it('plans a run, and writes nothing', async () => {
    const plan = await planJob(job);
    expect(plan).toMatchObject({
      ...{ job: 'test', run: 1, resumed: false, slowest: null, maxWaitMinutes: null },
      entries: [{ entry: ['*'], endpoint: 'groups.messages', rooms: 1, newRooms: 1, messages }, { entry: null }],
      total: { rooms: 1, messages },
      lists: [{ endpoint: 'groups.messages', room: { name: 'small', type: 'private' }, isNew: true, messages }],
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('plans a run that asks every room what changed', async () => {
    const archive = join(folder, 'every-room');
    await runJob({ ...job, output: archive }, { loadThreads: 0 });
    const changes = async (everyRoom: boolean): Promise<number> =>
      (await planJob({ ...job, output: archive }, { everyRoom })).changes.rooms;
    expect([await changes(false), await changes(true)]).toEqual([0, 1]);
  });

  it('tries a job, and writes nothing', async () => {
    const nothing = { ...job, output: join(folder, 'nothing') };
    expect(await checkJob(nothing)).toMatchObject({
      server: { url: served.url, user: { username: expect.any(String) } },
      entries: [{ endpoint: 'groups.messages', via: 'messages', rooms: ['*'], matched: 1, unmatchedExclusions: [] }],
      rooms: [{ endpoint: 'groups.messages', room: { name: 'small' }, result: 'readable', total: messages }],
      leftOut: [],
    });
    expect((await checkJob(nothing, { roomsPerEndpoint: 0 })).rooms).toMatchObject([{ result: 'skipped' }]);
    await expect(
      checkJob({ ...nothing, extract: [{ endpoint: 'groups.messages', rooms: ['nosuch'] }] }),
    ).rejects.toThrow(JobError);
    expect(await readdir(folder)).not.toContain('nothing');
  });

  it('closes its connections: a signal is listened to no longer', async () => {
    const interruption = new AbortController();
    const { signal } = interruption;
    const added = jest.spyOn(signal, 'addEventListener');
    const removed = jest.spyOn(signal, 'removeEventListener');
    await planJob(job, { signal });
    await checkJob(job, { signal });
    expect(added.mock.calls.length).toBeGreaterThan(0);
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
    interruption.abort(new InterruptedError('SIGINT'));
    const before = served.requests.length;
    await expect(planJob(job, { signal })).rejects.toThrow(InterruptedError);
    expect(served.requests).toHaveLength(before);
  });

  it('runs a job, reads, verifies and compacts what it wrote', async () => {
    const archive = job.output;
    await expect(readState(archive)).rejects.toThrow(UsageError);
    await expect(latest(archive)).rejects.toThrow(UsageError);
    await expect(verifyArchive(archive)).rejects.toThrow(UsageError);
    await expect(compactArchive(archive)).rejects.toThrow(UsageError);

    // Jest loads no TypeScript into a thread; all else is as it is for everybody.
    const { tables, gaps } = await runJob(job, { loadThreads: 0 });
    expect([tables, gaps]).toMatchObject([{ messages }, []]);

    expect(await readState(archive)).toMatchObject({
      run: 1,
      lists: [{ endpoint: 'groups.messages', room: { name: 'small' }, messages, complete: true, reset: false }],
      changes: [{ room: { name: 'small' } }],
    });
    expect(await verifyArchive(archive)).toMatchObject({ runs: 1, rows: { messages }, differences: [] });
    expect(await compactArchive(archive)).toMatchObject({ kind: 'nothing-to-do' });
    expect(await readdir(archive)).not.toContain('_lock');
  });

  it('reads the newest versions as rows and as a file, whole or not at all', async () => {
    const table = await latest(job.output);
    expect(Object.keys(table)).toEqual(['name', 'columns', 'metadata', 'rows']);
    const { name, columns, rows } = table;
    let read = 0;
    for await (const batch of rows) read += batch.length;
    expect([name, read, columns.map((column) => column.name)]).toEqual([
      'messages',
      messages,
      expect.arrayContaining(['message_id', 'ts', 'text']),
    ]);

    const file = join(folder, 'latest.csv');
    expect(await writeLatest(job.output, file)).toBe(messages);
    expect((await readFile(file, 'utf8')).split('\n').filter(Boolean)).toHaveLength(messages + 1);
    await expect(writeLatest(job.output, file)).rejects.toThrow('no file is ever overwritten');
    await expect(writeLatest(job.output, join(job.output, 'x.csv'))).rejects.toThrow('it is in the archive');
    await expect(writeLatest(job.output, join(folder, 'x.txt'))).rejects.toThrow(UsageError);
    await expect(
      writeLatest(job.output, join(folder, 'cut.jsonl'), { signal: AbortSignal.abort(new InterruptedError('SIGINT')) }),
    ).rejects.toThrow(InterruptedError);
    expect((await readdir(folder)).filter((entry) => /^(x|cut)/.test(entry))).toEqual([]);
  });

  it('takes a folder relative to the one the program runs in', async () => {
    const archive = relative(process.cwd(), job.output);
    expect((await readState(archive)).run).toBe(1);
    expect((await verifyArchive(archive)).differences).toEqual([]);
    expect((await latest(archive)).name).toBe('messages');
  });

  it('takes an option that is undefined for one that is absent', async () => {
    const untyped = { clock: undefined, disk: undefined, random: undefined, everyRoom: undefined } as object;
    expect((await planJob(job, untyped)).run).toBe(2);
    expect(
      await compactArchive(job.output, { ...untyped, keeps: undefined, rowsPerFile: undefined } as object),
    ).toMatchObject({ kind: 'nothing-to-do' });
  });

  it('names what differs, and refuses to read it', async () => {
    const damaged = join(folder, 'damaged');
    await cp(job.output, damaged, { recursive: true });
    const [file] = (await readdir(join(damaged, 'messages'))).map((name) => join(damaged, 'messages', name));
    await writeFile(file ?? '', 'something else');
    expect((await verifyArchive(damaged)).differences).toMatchObject([{ problem: 'size' }]);
    await expect(writeLatest(damaged, join(folder, 'damaged.csv'))).rejects.toThrow(DifferenceError);
    await expect(compactArchive(damaged, { keeps: 'latest' })).rejects.toThrow(DifferenceError);
  });
});
