import { describe, expect, it } from '@jest/globals';
import type { State } from '../../src/archive/state/state.ts';
import type { LoadResult } from '../../src/model/run/load-result.ts';
import type { RunPlan } from '../../src/plan/run-plan.ts';
import type { ChangesOutcome, StreamOutcome } from '../../src/plan/stream-outcome.ts';
import { nextState } from '../../src/record/next-state.ts';
import { sampleChanges } from '../support/plans/sample-changes.ts';
import { sampleLoad } from '../support/plans/sample-load.ts';
import { sampleChangesOutcome, sampleHole, sampleOutcome } from '../support/plans/sample-outcome.ts';
import { sampleRoom } from '../support/plans/sample-room.ts';
import { sampleRunPlan } from '../support/plans/sample-run-plan.ts';
import { changesState, listState, stateWith } from '../support/plans/sample-state.ts';
import { sampleStream } from '../support/plans/sample-stream.ts';

const room = sampleRoom({ changeMark: 'mark' });
const stream = sampleStream({ room });

interface Setting {
  readonly state?: Partial<State>;
  readonly plan?: Partial<RunPlan>;
  readonly lists?: readonly StreamOutcome[];
  readonly changes?: readonly ChangesOutcome[];
  readonly loaded?: Partial<LoadResult>;
  readonly longestRows?: number;
}

/** After a run that read one list, unless the setting says otherwise. */
function after({ state = {}, plan = {}, lists, changes = [], loaded = {}, longestRows = 0 }: Setting = {}): State {
  const streams = lists ?? [sampleOutcome({ stream })];
  return nextState({
    state: stateWith(state),
    runPlan: sampleRunPlan({
      ...{ streams: streams.map((one) => one.stream), changes: changes.map((one) => one.changes) },
      ...plan,
    }),
    outcomes: { streams, changes },
    loaded: sampleLoad(loaded),
    longestPage: { rows: longestRows },
  });
}

const gap = { reason: 'http-500', message: 'no' };
const changesOf = (fields: Partial<ChangesOutcome> = {}) =>
  sampleChangesOutcome({ changes: sampleChanges({ room }), ...fields });

describe('the state after a run', () => {
  it('is that of the run, with its lists and their rooms', () => {
    const state = after();
    expect(state).toMatchObject({ version: 2, run: 2 });
    expect([Object.keys(state.lists), Object.keys(state.changes)]).toEqual([[stream.key], ['r1']]);
  });

  it('keeps the rooms that the run did not read, and all that it did not look at', () => {
    const others = { other: changesState({ roomName: 'other' }) };
    const before = { changes: others, lists: { 'groups.messages r9': listState({ roomId: 'r9' }) }, purges: [3] };
    const state = after({ state: before });
    expect(state.changes).toMatchObject({ ...others, r1: { roomName: 'ops' } });
    expect(Object.keys(state.lists)).toEqual(['groups.messages r9', stream.key]);
    expect(state.purges).toEqual([3]);
    expect(after()).not.toHaveProperty('purges');
  });

  it('has the changes of a room of which nothing else was read', () =>
    expect(Object.keys(after({ lists: [], changes: [changesOf()] }).changes)).toEqual(['r1']));

  it('knows the longest page that any run has seen', () => {
    expect(after({ state: { longestPage: 50 }, longestRows: 100 }).longestPage).toBe(100);
    expect(after({ state: { longestPage: 100 }, longestRows: 50 }).longestPage).toBe(100);
  });

  it.each<readonly [string, Setting, boolean]>([
    ['none where all was read', {}, true],
    ['one with a change that was put off', { loaded: { deferred: { r1: 5_000 } } }, false],
    ['one of which changes may follow', { loaded: { versions: { r1: { known: {}, isUnsettled: true } } } }, false],
    ['none whose changes have settled', { loaded: { versions: { r1: { known: {}, isUnsettled: false } } } }, true],
    ['one whose changes were not read to their end', { changes: [changesOf({ gap })] }, false],
    ['none whose changes were', { changes: [changesOf()] }, true],
    [
      'one that was looked back at, of whose list a place could not be read',
      {
        changes: [
          changesOf({ refusal: { reason: 'not-found', instead: { endpoint: 'groups.messages', sinceMs: 0 } } }),
        ],
        lists: [sampleOutcome({ stream, holes: [sampleHole()] })],
      },
      false,
    ],
  ])('has the next run ask again, whatever the room list shows: %s', (_, setting, isSeen) => {
    const { lists, changes } = after(setting);
    expect([lists[stream.key]?.seen !== null, changes['r1']?.seen !== null]).toEqual([isSeen, isSeen]);
  });

  it('knows what rows the table of rooms has, where the run has made it', () => {
    const before = { rooms: { r1: 'digest' } };
    const plan = { rooms: [] };
    expect(after({ state: before, plan }).rooms).toEqual(before.rooms);
    expect(after({ state: before, plan, loaded: { tables: { rooms: 0 } } }).rooms).toEqual(before.rooms);
  });

  it('says which part of the workspace it is of, where it is split', () => {
    const shard = { index: 1, count: 3, elsewhere: ['r2'], otherRooms: 5 };
    expect(after({ plan: { shard } }).shard).toEqual({ index: 1, count: 3, elsewhere: ['r2'] });
    expect(after()).not.toHaveProperty('shard');
  });

  it('knows the rows of the table of rooms as this run made them', () => {
    const before = { rooms: { r1: 'digest' } };
    expect(after({ state: before, plan: { rooms: [] } }).rooms).toEqual(before.rooms);
  });

  it('names the rooms that were left out, if there are any', () => {
    const leftOut = [{ id: 'r2', name: 'hr', type: 'private' as const, reason: 'banned' as const }];
    const seen = { ...sampleRunPlan().seen, leftOut };
    expect(after({ plan: { seen } }).leftOut).toEqual({
      r2: { roomName: 'hr', roomType: 'private', reason: 'banned' },
    });
    expect(after({ state: { leftOut: after({ plan: { seen } }).leftOut ?? {} } })).not.toHaveProperty('leftOut');
  });
});
