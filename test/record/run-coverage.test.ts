import { describe, expect, it } from '@jest/globals';
import type { State } from '../../src/archive/state/state.ts';
import type { GoneStream, RunPlan } from '../../src/plan/run-plan.ts';
import type { StreamOutcome } from '../../src/plan/stream-outcome.ts';
import { leftOutAfter, otherChannels, runCoverage } from '../../src/record/run-coverage.ts';
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

describe('rooms of the archive that no list of the server has', () => {
  const listed = { ...seen, leftOut: [leftOut('n', 'no-entry')], discussions: ['d'] };
  const list = (roomId: string, fields: Parameters<typeof listState>[0] = {}) => listState({ roomId, ...fields });
  const lists = {
    one: list('a'),
    joined: list('u', { unjoined: true, roomType: 'channel' }),
    gone: list('g'),
    quiet: list('q'),
    left: list('n'),
    discussion: list('d'),
    lost: list('x', { roomName: 'lost' }),
    channel: list('c', { roomType: 'channel' }),
  };
  const of = (fields: Parameters<typeof sampleRunPlan>[0] = {}, lines: State['lists'] = lists) =>
    leftOutAfter(
      { lists: lines },
      sampleRunPlan({ seen: listed, gone: [gone('g', 'room-renamed')], unchanged: ['quiet'], ...fields }),
      { streams: [ended('a', null)] },
      nothing,
    );
  const reasonsOf = (after: ReturnType<typeof of>) =>
    Object.fromEntries(Object.entries(after).map(([id, { reason }]) => [id, reason]));

  it('are gone, or were read without having been joined', () => {
    expect(reasonsOf(of())).toEqual({ u: 'not-joined', x: 'gone', c: 'gone', g: 'no-entry', n: 'no-entry' });
    expect(of()['x']).toEqual({ roomName: 'lost', roomType: 'private', reason: 'gone' });
  });

  it('were refused where the server shows private groups alone, and are none of these', () => {
    const after = of({ seen: { ...listed, isOnlyGroups: true } });
    expect(reasonsOf(after)).toMatchObject({ u: 'not-joined', x: 'gone', c: 'refused' });
  });

  it('are counted among those that the login sees, and not as read', () => {
    const plan = sampleRunPlan({ seen: { ...seen, listed: 5, leftOut: [] } });
    const { rooms } = runCoverage({ lists: { lost: list('x'), other: list('y') } }, plan, { streams: [] }, nothing);
    expect(rooms).toMatchObject({ seen: 7, read: 5, leftOut: { gone: 2 } });
  });
});

describe('discussions that messages started', () => {
  const talk = { name: 'talk', kind: 'private' } as const;
  const of = (discussions: Readonly<Record<string, typeof talk>>, fields: object = {}, before: object = {}) =>
    leftOutAfter(
      { lists: {}, ...before },
      sampleRunPlan({ seen: { ...seen, leftOut: [], ...fields } }),
      { streams: [] },
      { discussions },
    );

  it('are left out where the lists of the server do not have them, and known from run to run', () => {
    const old = { roomName: 'talk', roomType: 'discussion', reason: 'not-joined' } as const;
    const leftOutNow = { t: { ...old, discussion: 'private' } } as const;
    expect(of({ t: talk })).toEqual(leftOutNow);
    expect(of({}, {}, { leftOut: leftOutNow })).toEqual(leftOutNow);
    expect(of({}, {}, { leftOut: { t: old } })).toEqual(leftOutNow);
    const asRoom = { ...leftOutNow.t, roomType: 'private' };
    expect(of({}, {}, { leftOut: { t: asRoom } })).toEqual(leftOutNow);
    expect(of({}, {}, { leftOut: { t: { ...old, roomType: 'private' } } })).toEqual({});
    expect(of({ t: talk }, { discussions: ['t'] })).toEqual({});
  });

  it('were refused where the server said so, now or before', () => {
    expect(of({ t: talk }, { unreadable: ['t'] })['t']?.reason).toBe('refused');
    expect(of({ t: talk }, { unreadable: [] })['t']?.reason).toBe('not-joined');
    const refusedBefore = { leftOut: { t: { roomName: 'talk', roomType: 'discussion', reason: 'refused' } } };
    expect(of({}, { unreadable: [] }, refusedBefore)['t']?.reason).toBe('refused');
    expect(of({}, { unreadable: null }, refusedBefore)['t']?.reason).toBe('not-joined');
  });

  it('say, where the lists have them, whether they are public', () => {
    const named = [
      { id: 't', name: 'talk', type: 'channel' as const, reason: 'no-entry' as const },
      { id: 'p', name: 'quiet', type: 'private' as const, reason: 'no-entry' as const },
      { id: 'r', name: 'room', type: 'channel' as const, reason: 'no-entry' as const },
    ];
    const after = of({}, { leftOut: named, discussions: ['t', 'p'] });
    expect([after['t']?.discussion, after['p']?.discussion]).toEqual(['public', 'private']);
    expect(after['r']).not.toHaveProperty('discussion');
  });
});

describe('public channels that are not named', () => {
  it('are those that the server counts, less those that are', () => {
    const entry = (roomType: string, reason: 'not-joined' | 'no-entry', discussion?: 'public' | 'private') => ({
      ...{ roomName: '', roomType, reason },
      ...(discussion && { discussion }),
    });
    const others = (named: State['leftOut']) => otherChannels({ channelsLeftOut: 3 }, named);
    expect(others({ a: entry('channel', 'not-joined'), b: entry('discussion', 'not-joined', 'public') })).toBe(1);
    expect(others({ a: entry('channel', 'no-entry'), b: entry('private', 'not-joined') })).toBe(3);
    expect(others({ a: entry('discussion', 'not-joined', 'private'), b: entry('private', 'no-entry', 'public') })).toBe(
      3,
    );
    expect(otherChannels({ channelsLeftOut: 0 }, { a: entry('channel', 'not-joined') })).toBe(0);
    expect(otherChannels({ channelsLeftOut: null }, {})).toBeNull();
    expect(otherChannels({ channelsLeftOut: 3 })).toBe(3);
  });
});

describe('what a manifest says of rooms and messages that are not in the tables', () => {
  const roomsOf = (fields: Parameters<typeof sampleRunPlan>[0]) =>
    runCoverage(noLists, sampleRunPlan(fields), { streams: [] }, nothing).rooms;

  it('counts rooms that are listed and rooms that are missing, each once', () => {
    const rooms = roomsOf({ seen, gone: [gone('g', 'room-gone'), gone('g', 'room-gone'), gone('n', 'room-renamed')] });
    expect(rooms).toMatchObject({ seen: 10, read: 8, leftOut: { gone: 1, 'no-entry': 1, refused: 0 } });
    expect(roomsOf({ seen, gone: [gone('g', 'room-gone'), gone('h', 'room-gone')] }).seen).toBe(11);
    // A room of the archive that is left out is listed.
    const known = { lists: { left: listState({ roomId: 'n' }) } };
    expect(runCoverage(known, sampleRunPlan({ seen }), { streams: [] }, nothing).rooms.seen).toBe(9);
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
    const quiet = { lists: { quiet: listState({ roomId: 'a' }) } };
    const unchanged = { ...plan, unchanged: ['quiet'] };
    expect(runCoverage(quiet, unchanged, { streams: [failed] }, nothing).rooms).not.toHaveProperty('failed');
    // An earlier run failed, too.
    expect(of([failed], { lists: { [key]: listState({ roomId: 'a', complete: false, messages: 0 }) } })).toEqual({
      ...{ read: 2, failed: 1 },
    });
    // Refused rooms are left out, and counted once.
    expect(of([ended('a', 'not-allowed')])).toEqual({ read: 2 });
  });

  it('counts the rooms that are left out by their reasons', () => {
    const reasons = ['no-entry', 'kind-not-asked', 'invited', 'banned', 'banned', 'not-joined'] as const;
    const named = reasons.map((reason, at) => ({ ...room(`r${at}`), reason }));
    expect(roomsOf({ seen: { ...seen, leftOut: named, channelsLeftOut: 0 } })).toMatchObject({
      ...{ seen: 9, read: 3 },
      leftOut: { 'no-entry': 1, 'kind-not-asked': 1, 'not-joined': 1, invited: 1, banned: 2, refused: 0, gone: 0 },
    });
    const discussions = { t: { name: 'talk', kind: 'private' as const } };
    const found = runCoverage(noLists, sampleRunPlan({ seen }), { streams: [] }, { ...nothing, discussions });
    expect(found.rooms).toMatchObject({ seen: 10, read: 8 });
  });

  it('says how many the login has joined, where the server says so, and what other shards read', () => {
    expect(roomsOf({ seen: { ...seen, joined: 4 } })).toMatchObject({ joined: 4 });
    const plain = roomsOf({ seen });
    for (const name of ['joined', 'otherShards']) expect(plain).not.toHaveProperty(name);
    const shard = { index: 1, count: 3, otherRooms: 5, elsewhere: [] };
    expect(roomsOf({ seen, shard })).toMatchObject({ seen: 9, read: 3, otherShards: 5 });
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

  it('are not counted where they could not be read', () => {
    const failed = sampleOutcome({ stream: ofRoom('c'), gap: { reason: 'wire', message: '' } });
    expect(roomsOf([read('a'), failed])).toMatchObject({ mentions: { rooms: 1, isAll: true } });
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
