import { describe, expect, it } from '@jest/globals';
import { seenMark } from '../../src/archive/state/seen-mark.ts';
import { emptyState, type State } from '../../src/archive/state/state.ts';
import { JobError, OutputError } from '../../src/errors.ts';
import { defaultLookbackMs, type Job } from '../../src/job/job.ts';
import type { RocketChat } from '../../src/model/rocketchat.ts';
import type { Room } from '../../src/model/room.ts';
import { beginRun } from '../../src/plan/begin-run.ts';
import { chooseRun } from '../../src/plan/choose-run.ts';
import type { RunPlan } from '../../src/plan/run-plan.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';
import { sampleRoom } from '../support/plans/sample-room.ts';
import { changesState, listState, stateWith } from '../support/plans/sample-state.ts';

const startedAt = '2024-02-01T00:00:00.000Z';
const startedMs = Date.parse(startedAt);
const room = sampleRoom({ changeMark: 'mark', updatedAtMs: startedMs - 9_000_000 });

const job: Job = {
  name: 'nightly',
  server: { url: 'https://chat.example', login: { kind: 'token', userId: 'u1', authToken: 't' } },
  extract: [{ endpoint: 'groups.messages', rooms: ['*'] }],
  transform: { tables: ['messages'] },
  sinks: [{ format: 'jsonl' }],
  ...{ output: '/archive', concurrency: 4 },
};

/** A server, as far as choosing a run asks it. */
function serverWith(rooms: readonly Room[], fields: Partial<RocketChat> = {}) {
  const asked: string[] = [];
  const never = (): never => {
    throw new Error('Nobody asks for this');
  };
  const chat: RocketChat = {
    ...{ url: 'https://chat.example', user: { id: 'u1', username: 'archivist' }, roles: ['user'] },
    ...{
      get: never,
      reader: never,
      channels: never,
      countChannels: never,
      discussions: never,
      hiddenTypes: never,
      room: never,
      openFile: never,
      createToken: never,
    },
    ...{ counts: never, rateLimits: never, close: never, serverNowMs: () => startedMs + 60_000 },
    version: () => Promise.resolve(asked.push('version') > 0 ? '7.1' : null),
    rooms: () => Promise.resolve(asked.push('rooms') > 0 ? rooms : []),
    ...fields,
  };
  return { chat, asked };
}

async function choose(
  state: State,
  { chat }: ReturnType<typeof serverWith>,
  { of = job, disk = new MemoryDisk(), isEveryRoom = false } = {},
) {
  return chooseRun(disk, of, state, chat, startedAt, { isEveryRoom });
}

/** A run that was cut right after its plan had been written. */
async function cutRun(of = job, state = emptyState): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  await disk.makeFolder('/archive');
  await beginRun(disk, of, state, serverWith([room]).chat, startedAt, {});
  return disk;
}

const unread = stateWith({ changes: { r1: changesState() } });
const quiet = stateWith({
  lists: { 'groups.messages r1': listState({ seen: seenMark('mark') }) },
  changes: { r1: changesState({ seen: `${seenMark('mark')} -1` }) },
});

describe('a new run', () => {
  it('reads the lists that have changed, and the changes of rooms that earlier runs have read', async () => {
    const { runPlan, resumed } = await choose(unread, serverWith([room]));
    expect(resumed).toBe(false);
    expect(runPlan).toMatchObject({
      ...{ run: 2, startedAt, tables: ['messages'], unchanged: [], gone: [], withheld: [] },
      server: { url: 'https://chat.example', version: '7.1', user: { id: 'u1', username: 'archivist' } },
      streams: [{ key: 'groups.messages r1', journal: '0001-groups.messages-r1.pages' }],
      changes: [{ room: { id: 'r1' }, journal: '0002-chat.syncMessages-r1.pages' }],
      rooms: [{ op: 'upsert', room: { id: 'r1' } }],
      seen: { listed: 1, leftOut: [], channelsLeftOut: null, refused: [] },
    });
  });

  it('asks for no version of a server of which nothing is read, and names what has not changed', async () => {
    const server = serverWith([room]);
    const { runPlan } = await choose(quiet, server);
    expect(runPlan).toMatchObject({
      streams: [],
      changes: [],
      unchanged: ['groups.messages r1'],
      server: { version: null },
    });
    expect(server.asked).toEqual(['rooms']);
    const every = await choose(quiet, serverWith([room]), { isEveryRoom: true });
    expect(every.runPlan).toMatchObject({ changes: [{ room: { id: 'r1' } }], server: { version: '7.1' } });
  });

  it('leaves to the next run what happened in the half hour before it, by the earlier of the two clocks', async () => {
    const since = async (serverNowMs: number, updatedAtMs: number | null) =>
      (await choose(unread, serverWith([{ ...room, updatedAtMs }], { serverNowMs: () => serverNowMs }))).runPlan
        .changesFromMs - startedMs;
    expect(await since(startedMs + 5, null)).toBe(-1_800_000);
    expect(await since(startedMs - 5, null)).toBe(-1_800_005);
    expect(await since(startedMs + 5, startedMs - 1_000)).toBe(-1_801_000);
  });

  it('looks back as far as the job says, else a week', async () => {
    const silence = async (of: Job) => (await choose(emptyState, serverWith([room]), { of })).runPlan.silence;
    expect(await silence(job)).toEqual({ nowMs: startedMs, lookbackMs: defaultLookbackMs });
    expect(await silence({ ...job, lookbackMs: 0 })).toEqual({ nowMs: startedMs, lookbackMs: 0 });
  });

  it('names what is gone, and the rows that the table of rooms owes for it', async () => {
    const known = stateWith({ ...quiet, rooms: { r1: 'digest' } });
    const { runPlan } = await choose(known, serverWith([]));
    expect(runPlan).toMatchObject({
      gone: [{ key: 'groups.messages r1', reason: 'room-gone' }],
      rooms: [{ op: 'delete', room: { id: 'r1' } }],
    });
    const renamed = await choose(known, serverWith([sampleRoom({ name: 'operations' })]), {
      of: { ...job, extract: [{ endpoint: 'groups.messages', rooms: ['op?', '*', '!operations', '!zzz'] }] },
    });
    expect(renamed.runPlan.rooms).toEqual([]);
  });

  it('is none for stars of somebody else', async () => {
    const of: Job = { ...job, extract: [{ endpoint: 'groups.messages', rooms: ['*'], starredIds: ['u2'] }] };
    const server = serverWith([room]);
    await expect(choose(emptyState, server, { of })).rejects.toBeInstanceOf(JobError);
    expect(server.asked).toEqual([]);
  });
});

describe('a run of a shard', () => {
  const rooms = Array.from({ length: 9 }, (_, index) => sampleRoom({ id: `r${index}`, name: `ops-${index}` }));
  const part = (index: number, words: readonly string[] = ['ops-*']): Job => ({
    ...job,
    extract: [{ endpoint: 'groups.messages', rooms: words }],
    shard: { index, count: 3 },
  });
  const chosen = async (of: Job, listed: readonly Room[] = rooms, state = emptyState) =>
    (await choose(state, serverWith(listed), { of })).runPlan;
  const idsIn = (plan: RunPlan): readonly string[] => plan.streams.map((stream) => stream.room.id);
  /** What the first shard remembers after the run. */
  const after = ({ shard }: RunPlan): State =>
    stateWith({ shard: { index: 0, count: 3, elsewhere: shard?.elsewhere ?? [] } });

  it('reads each room in one of them, and counts the others', async () => {
    const plans = await Promise.all([0, 1, 2].map((index) => chosen(part(index))));
    expect(plans.flatMap(idsIn).sort()).toEqual(rooms.map(({ id }) => id));
    for (const plan of plans) {
      expect(plan.shard?.otherRooms).toBe(9 - plan.streams.length);
      expect(plan.seen).toMatchObject({ listed: 9, leftOut: [] });
    }
  });

  it('judges words over all rooms: one that matches elsewhere only is right, one that matches nowhere is not', async () => {
    const [elsewhere] = idsIn(await chosen(part(1)));
    const name = `ops-${elsewhere?.slice(1)}`;
    const plan = await chosen(part(0, [name]));
    expect(plan).toMatchObject({ streams: [], shard: { index: 0, count: 3, elsewhere: [name] } });
    await expect(chosen(part(0, ['opps-1']))).rejects.toThrow('did you mean "ops-1"');
  });

  it('knows a word again whose room was in another shard and is gone, and forgets it with the job', async () => {
    const [elsewhere] = idsIn(await chosen(part(1)));
    const words = [`ops-${elsewhere?.slice(1)}`, 'ops-*'];
    const before = after(await chosen(part(0, words)));
    const left = rooms.filter(({ id }) => id !== elsewhere);
    const plan = await chosen(part(0, words), left, before);
    expect(plan.shard?.elsewhere).toEqual([words[0]]);
    await expect(chosen(part(0, words), left)).rejects.toBeInstanceOf(JobError);
    expect((await chosen(part(0), left, before)).shard?.elsewhere).toEqual([]);
  });

  it('names what it leaves out and what is withheld of its own rooms only', async () => {
    const listed = rooms.map((one, index) => (index < 4 ? { ...one, withheld: 'invited' as const } : one));
    const plans = await Promise.all([0, 1, 2].map((index) => chosen(part(index, ['ops-*', '!ops-8']), listed)));
    expect(plans.flatMap(({ withheld }) => withheld.map(({ id }) => id)).sort()).toEqual(['r0', 'r1', 'r2', 'r3']);
    const leftOut = plans.flatMap(({ seen }) => seen.leftOut.map(({ id }) => id));
    expect(leftOut.sort()).toEqual(['r0', 'r1', 'r2', 'r3', 'r8']);
  });
});

describe('a run that was cut', () => {
  it('is resumed with the same rooms, and nothing is asked of the server', async () => {
    const disk = await cutRun();
    const server = serverWith([]);
    const { runPlan, resumed } = await choose(emptyState, server, { disk });
    expect([resumed, server.asked]).toEqual([true, []]);
    expect(runPlan.streams.map(({ key }) => key)).toEqual(['groups.messages r1']);
  });

  it.each<readonly [string, { readonly state?: State; readonly of?: Job; readonly fields?: Partial<RocketChat> }]>([
    ['the archive has gone on', { state: stateWith() }],
    ['the job reads something else', { of: { ...job, extract: [{ endpoint: 'groups.messages', rooms: ['ops'] }] } }],
    ['the login is another user', { fields: { user: { id: 'u2', username: 'other' } } }],
  ])('begins anew where %s', async (_, { state = emptyState, of = job, fields = {} }) => {
    const disk = await cutRun();
    expect(await choose(state, serverWith([room], fields), { of, disk })).toMatchObject({ resumed: false });
  });

  it('begins anew where the job makes more tables, which may lack changes from further back', async () => {
    const more: Job = { ...job, transform: { tables: ['messages', 'links'] } };
    const known = await cutRun(job, unread);
    expect((await choose(unread, serverWith([room]), { of: more, disk: known })).resumed).toBe(false);
    const fewer = await cutRun(more, unread);
    expect((await choose(unread, serverWith([room]), { disk: fewer })).resumed).toBe(true);
    // No room was read before: no table lacks anything.
    expect((await choose(emptyState, serverWith([room]), { of: more, disk: await cutRun() })).resumed).toBe(true);
  });

  it('begins anew where another version of the program began it', async () => {
    const disk = await cutRun();
    const text = String(await disk.readFile('/archive/_work/run.json')).replace(/"version": \d+/, '"version": 1');
    await (await disk.open('/archive/_work/run.json', 'truncate')).write(Buffer.from(text));
    expect((await choose(emptyState, serverWith([room]), { disk })).resumed).toBe(false);
  });

  it('is not thrown away unasked where the file that says whose it is is damaged', async () => {
    const disk = await cutRun();
    await disk.truncate('/archive/_work/run.json', 20);
    const attempt = choose(emptyState, serverWith([room]), { disk });
    await expect(attempt).rejects.toBeInstanceOf(OutputError);
    await expect(attempt).rejects.toThrow('Cannot resume the run in "/archive/_work/run.json": the file is damaged');
    await expect(attempt).rejects.toMatchObject({ hint: expect.stringContaining('remove "/archive/_work/run.json"') });
  });
});

describe('the plan of a run', () => {
  it('is on the disk before the first page, in place of what another run has left', async () => {
    const disk = new MemoryDisk();
    await disk.makeFolder('/archive/_work/parts');
    await beginRun(disk, job, emptyState, serverWith([room]).chat, startedAt, {});
    await disk.syncFolder('/');
    disk.cutPower();
    expect(await disk.list('/archive/_work')).toEqual(['journal', 'run.json']);
    expect((await choose(emptyState, serverWith([]), { disk })).resumed).toBe(true);
  });

  it('says that it gives up a run that was cut, where the job reads otherwise now, which it did without a word', async () => {
    const other: Job = { ...job, server: { ...job.server, url: 'https://chat.elsewhere.example' } };
    const begin = async (of: Job, disk: MemoryDisk) =>
      beginRun(disk, of, emptyState, serverWith([room]).chat, startedAt, {});
    expect(await begin(job, new MemoryDisk())).toMatchObject({ resumed: false, givesUpAnother: false });
    expect(await begin(job, await cutRun())).toMatchObject({ resumed: true, givesUpAnother: false });
    expect(await begin(other, await cutRun())).toMatchObject({ resumed: false, givesUpAnother: true });
  });

  it('is not written again when the run is resumed', async () => {
    const disk = await cutRun();
    await disk.makeFolder('/archive/_work/journal/kept');
    const { chat } = serverWith([]);
    expect((await beginRun(disk, job, emptyState, chat, '2030-01-01T00:00:00.000Z', {})).resumed).toBe(true);
    expect(await disk.list('/archive/_work/journal')).toEqual(['kept']);
  });
});
