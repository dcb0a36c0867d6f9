import { describe, expect, it } from '@jest/globals';
import type { State } from '../../src/archive/state/state.ts';
import type { GoneStream, RunPlan } from '../../src/plan/run-plan.ts';
import type { StreamOutcome } from '../../src/plan/stream-outcome.ts';
import { leftOutAfter, runCoverage } from '../../src/record/run-coverage.ts';
import { sampleOutcome } from '../support/plans/sample-outcome.ts';
import { sampleRoom } from '../support/plans/sample-room.ts';
import { sampleRunPlan } from '../support/plans/sample-run-plan.ts';
import { listState } from '../support/plans/sample-state.ts';
import { sampleMentions, sampleStream } from '../support/plans/sample-stream.ts';

type Lists = Pick<State, 'lists'>;

const room = (id: string) => sampleRoom({ id, name: `name of ${id}` });
const gone = (id: string, reason: GoneStream['reason']): GoneStream => ({
  ...sampleStream({ room: room(id) }),
  reason,
});
const ended = (id: string, reason: string | null) =>
  sampleOutcome({ stream: sampleStream({ room: room(id) }), gap: reason === null ? null : { reason, message: '' } });
const leftOut = (id: string, reason: 'no-entry' | 'not-joined' | 'banned') => ({ ...room(id), reason });
const seen = {
  listed: 9,
  leftOut: [leftOut('n', 'no-entry')],
  channelsLeftOut: null,
  unreadable: null,
  refused: [],
  discussions: [],
};
const noLists: Lists = { lists: {} };
const nothing = { encryptedMessages: 0, files: 0, discussions: {} };

describe('rooms that a run left out', () => {
  it('are those that no entry reads, those that are gone, and those that the server refused', () => {
    const plan = sampleRunPlan({
      seen,
      gone: [gone('g', 'room-gone'), gone('k', 'room-kind'), gone('w', 'room-renamed')],
    });
    const streams = [
      ...['not-allowed', 'room-not-found', 'room-archived', 'wire'].map((reason) => ended(reason, reason)),
      ended('read', null),
    ];
    const after = leftOutAfter(noLists, plan, { streams }, nothing);
    expect(Object.entries(after).map(([id, { reason }]) => `${id}: ${reason}`)).toEqual([
      'g: gone',
      'k: kind-not-asked',
      'w: no-entry',
      'n: no-entry',
      'not-allowed: refused',
      'room-not-found: refused',
      'room-archived: refused',
    ]);
    expect(after['n']).toEqual({ roomName: 'name of n', roomType: 'private', reason: 'no-entry' });
  });
});

describe('what a manifest says of rooms and messages that are not in the tables', () => {
  const roomsOf = (fields: Parameters<typeof sampleRunPlan>[0]) =>
    runCoverage(noLists, sampleRunPlan(fields), { streams: [] }, nothing).rooms;

  it('counts rooms that are listed and rooms that are missing, each once', () => {
    const rooms = roomsOf({ seen, gone: [gone('g', 'room-gone'), gone('g', 'room-gone'), gone('n', 'room-renamed')] });
    expect(rooms).toMatchObject({ seen: 10, read: 8, leftOut: { gone: 1, 'no-entry': 1, refused: 0 } });
  });

  it('does not count as read a room whose requests all failed', () => {
    const plan = sampleRunPlan({ seen: { ...seen, listed: 3, leftOut: [] } });
    const of = (streams: readonly StreamOutcome[], before: Lists = noLists) => {
      const { read, failed } = runCoverage(before, plan, { streams }, nothing).rooms;
      return { read, failed };
    };
    const failed = ended('a', 'wire');
    const { key } = failed.stream;
    expect(of([failed, ended('b', null)])).toEqual({ read: 2, failed: 1 });
    // In part: by this run, by an earlier one, or by another list of the room.
    const inPart = { ...failed, completeness: { ...failed.completeness, pages: 1 } };
    expect(of([inPart])).toEqual({ read: 3 });
    expect(of([failed], { lists: { [key]: listState({ roomId: 'a', complete: false, messages: 5 }) } })).toEqual({
      read: 3,
    });
    expect(of([failed, ended('a', null)])).toEqual({ read: 3 });
    // An earlier run failed, too.
    expect(of([failed], { lists: { [key]: listState({ roomId: 'a', complete: false, messages: 0 }) } })).toEqual({
      ...{ read: 2, failed: 1 },
    });
    // Refused rooms are left out, and counted once.
    expect(of([ended('a', 'not-allowed')])).toEqual({ read: 2 });
  });

  it('counts channels that the login has not joined, where somebody did', () => {
    const joined = (channelsLeftOut: number | null, named: number, refused: readonly string[] = []) => {
      const ids = Array.from({ length: named }, (_, at) => leftOut(`u${at}`, 'not-joined'));
      const rooms = roomsOf({ seen: { ...seen, leftOut: ids, channelsLeftOut, refused } });
      return [rooms.leftOut['not-joined'], rooms.seen];
    };
    expect(joined(null, 0)).toEqual([null, 9]);
    expect(joined(3, 0)).toEqual([3, 12]);
    expect(joined(null, 2)).toEqual([2, 9]);
    expect(joined(3, 2)).toEqual([5, 12]);
    // Those that are known are not all.
    expect(joined(null, 2, ['Public channels could not be counted'])).toEqual([null, 9]);
  });

  it('counts a public discussion once, also where its channel is private by now', () => {
    const leftOutBefore = {
      talk: { roomName: 'talk', roomType: 'discussion', reason: 'not-joined', discussion: 'public' },
    } as const;
    const plan = sampleRunPlan({ seen: { ...seen, leftOut: [], channelsLeftOut: 1 } });
    const discussions = { talk: { name: 'talk', kind: 'private' as const } };
    const found = { ...nothing, discussions };
    const { rooms } = runCoverage({ lists: {}, leftOut: leftOutBefore }, plan, { streams: [] }, found);
    expect(rooms.leftOut['not-joined']).toBe(1);
  });

  it('names rooms whose reason is another than before, in order of their ids', () => {
    const before = {
      lists: {},
      leftOut: {
        z: { roomName: 'was out', roomType: 'private', reason: 'banned' as const },
        n: { roomName: 'old name', roomType: 'private', reason: 'banned' as const },
        s: { roomName: 'same', roomType: 'private', reason: 'no-entry' as const },
      },
    };
    const plan = sampleRunPlan({
      seen: { ...seen, leftOut: [leftOut('n', 'no-entry'), leftOut('s', 'no-entry'), leftOut('a', 'banned')] },
    });
    expect(runCoverage(before, plan, { streams: [] }, nothing).changed).toEqual([
      { room: { id: 'a', name: 'name of a', type: 'private' }, before: null, now: 'banned' },
      { room: { id: 'n', name: 'name of n', type: 'private' }, before: 'banned', now: 'no-entry' },
      { room: { id: 'z', name: 'was out', type: 'private' }, before: 'banned', now: null },
    ]);
  });

  it('counts what of the messages is encrypted, and the files that are not downloaded', () =>
    expect(
      runCoverage(noLists, sampleRunPlan(), { streams: [] }, { encryptedMessages: 3, files: 4, discussions: {} }),
    ).toMatchObject({
      ...{ encryptedMessages: 3, filesNotDownloaded: 4, changed: [] },
    }));
});

describe('lists of messages that mention the login', () => {
  const ofRoom = (id: string) => sampleMentions({ room: room(id) });
  const read = (id: string) => sampleOutcome({ stream: ofRoom(id) });
  const refused = (id: string) => sampleOutcome({ stream: ofRoom(id), gap: { reason: 'not-allowed', message: '' } });
  const plan = (fields: Partial<RunPlan> = {}) =>
    sampleRunPlan({ seen: { ...seen, listed: 3, leftOut: [] }, ...fields });
  const roomsOf = (streams: readonly StreamOutcome[], fields: Partial<RunPlan> = {}, before: Lists = noLists) =>
    runCoverage(before, plan(fields), { streams }, nothing).rooms;

  it('are not counted as rooms that were read, where the job reads nothing else', () => {
    expect(roomsOf([read('a'), read('b'), refused('c')])).toMatchObject({
      ...{ seen: 3, read: 2, leftOut: { refused: 1 }, mentions: { rooms: 2, isAll: true } },
    });
  });

  it('are counted beside the rooms that are read, also those without change', () => {
    const before = { lists: { quiet: listState({ endpoint: ofRoom('c').endpoint, roomId: 'c' }) } };
    expect(roomsOf([ended('a', null), read('a'), read('b')], { unchanged: ['quiet'] }, before)).toMatchObject({
      mentions: { rooms: 3, isAll: false },
    });
  });

  it('that are refused do not make a room one that is left out while its messages are read', () => {
    expect(roomsOf([ended('a', null), refused('a')])).toMatchObject({
      ...{ read: 3, leftOut: { refused: 0 }, mentions: { rooms: 0, isAll: false } },
    });
    const before = { lists: { quiet: listState({ roomId: 'a' }) } };
    expect(roomsOf([refused('a')], { unchanged: ['quiet'] }, before).leftOut.refused).toBe(0);
  });

  it('are not mentioned where the job reads none', () => {
    expect(roomsOf([ended('a', null)])).not.toHaveProperty('mentions');
  });
});
