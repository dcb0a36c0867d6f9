import { describe, expect, it } from '@jest/globals';
import { OutputError } from '../../../src/errors.ts';
import type { Room } from '../../../src/model/room.ts';
import type { RunPlan } from '../../../src/plan/run-plan.ts';
import { readRunPlan, writeRunPlan } from '../../../src/plan/stored/run-plan-file.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { sampleChanges } from '../../support/plans/sample-changes.ts';
import { sampleHole } from '../../support/plans/sample-outcome.ts';
import { sampleRoom } from '../../support/plans/sample-room.ts';
import { sampleRunPlan } from '../../support/plans/sample-run-plan.ts';
import { stateWith } from '../../support/plans/sample-state.ts';
import { sampleStream } from '../../support/plans/sample-stream.ts';

const archive = '/archive';
const path = '/archive/_work/run.json';

/** With every optional key. */
const room: Room = {
  ...sampleRoom({ displayName: 'Operations', formerNames: ['old'], withheld: 'banned', unjoined: true }),
  ...{ hiddenTypes: ['uj'], parentId: 'p', messageCount: 3, lastMessageAtMs: 1, updatedAtMs: 2, changeMark: 'mark' },
  details: {
    ...{ topic: 't', description: 'd', ownerId: 'u', createdAtMs: 1, membersCount: 2, readOnly: true, teamId: 'x' },
  },
};
const undated = { tsMs: 0, id: 'm', undated: { type: 'text', value: 'soon' } } as const;
const stream = sampleStream({
  ...{ room, filters: { pinned: true, mentionIds: ['u'], starredIds: ['v'] }, pageSize: 5 },
  ...{ period: { sinceMs: 1, untilMs: 2 }, sinceMs: 1, untilMs: 2, isSought: true },
  spans: [{ sinceMs: 1, cursor: { watermark: undated, offset: 7, deliveredIds: ['a'] } }],
  otherCursor: { watermark: undated, offset: 7, deliveredIds: ['a'] },
  holes: [{ ...sampleHole({ after: undated, id: 'm', changedMs: 9 }), firstRun: 1 }],
});
const { journal, ...planned } = stream;
const { key, endpoint, via, filters, pageSize, cursor, period, spans } = stream;
const full: RunPlan = sampleRunPlan({
  streams: [stream],
  changes: [
    sampleChanges({
      ...{ room, known: { messages: ['m@1'] }, compared: 'miscounted', isBehind: true, isPart: true, journal },
      revised: [{ key, endpoint, via, filters, pageSize, cursor, period, spans }],
    }),
  ],
  gone: [{ ...planned, reason: 'room-renamed' }],
  rooms: [
    { op: 'upsert', room, digest: 'd' },
    { op: 'delete', room },
  ],
  ...{ unchanged: ['key'], withheld: [room], listsOutsidePeriod: 1, hiddenTypes: { lists: 1, types: ['uj'] } },
  people: {
    ...{ listsUsers: true, listsMembers: true, unlisted: ['guest'] },
    memberLists: [{ room: { id: 'r1', name: 'ops', type: 'private' }, seen: 'seen' }],
  },
  seen: {
    ...{ listed: 1, channelsLeftOut: 2, unreadable: ['z'], refused: ['no'], discussions: ['d'] },
    leftOut: [{ id: 'x', name: 'y', type: 'direct', reason: 'banned' }],
  },
});

/** What a job finds that could resume the run in the file. */
async function found(text: string, job: Parameters<typeof readRunPlan>[3] = full): Promise<RunPlan | undefined> {
  const disk = new MemoryDisk();
  await disk.makeFolder(archive);
  await writeRunPlan(disk, archive, full);
  const file = await disk.open(path, 'truncate');
  await file.write(Buffer.from(text));
  return readRunPlan(disk, archive, stateWith(), job);
}

describe('the plan of the open run', () => {
  it('is read as it was written, with all that rooms and lists may have', async () => {
    const disk = new MemoryDisk();
    await disk.makeFolder(archive);
    await writeRunPlan(disk, archive, full);
    expect(await readRunPlan(disk, archive, stateWith(), full)).toEqual(full);
  });

  it('is none where no run is open', async () =>
    expect(await readRunPlan(new MemoryDisk(), archive, stateWith(), full)).toBeUndefined());

  it('is none for a job that reads something else, or after another run', async () => {
    expect(await found(JSON.stringify(full), { ...full, extractSha256: 'other' })).toBeUndefined();
    expect(await found(JSON.stringify({ ...full, run: 3 }))).toBeUndefined();
  });

  it.each([12, 99])('is none of another version of the program (%d): its run begins anew', async (version) =>
    expect(await found(JSON.stringify({ ...full, version }))).toBeUndefined(),
  );

  it.each<readonly [string, string]>([
    ['it is not JSON', '{"version": 13, "ru'],
    ['it should be an object', '[]'],
    ['"changesFromMs" is "soon"', JSON.stringify({ ...full, changesFromMs: 'soon' })],
    ['"streams[0].cursor" is null', JSON.stringify({ ...full, streams: [{ ...stream, cursor: null }] })],
    ['"withheld[0].type" is "p"', JSON.stringify({ ...full, withheld: [{ ...room, type: 'p' }] })],
  ])('is not thrown away unasked where the file is damaged: %s', async (because, text) => {
    const error: unknown = await found(text).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OutputError);
    expect(String(error)).toContain(`Cannot resume the run in "${path}": the file is damaged: `);
    expect(String(error)).toContain(because);
    expect(error).toMatchObject({
      hint: `Restore the file from a backup, or remove "${path}": then the run starts over`,
    });
  });
});
