import { describe, expect, it } from '@jest/globals';
import { isReset, resetRooms, stateChange } from '../../../src/archive/state/state-change.ts';
import { replay } from '../../../src/archive/state/state-replay.ts';
import { stateSha256 } from '../../../src/archive/state/state-schema.ts';
import { emptyState, type ListState, type State } from '../../../src/archive/state/state.ts';
import { fromTheBeginning } from '../../../src/model/stream.ts';
import { changesState, listState, stateWith } from '../../support/plans/sample-state.ts';
import { readTo } from '../../support/plans/sample-stream.ts';

const parts = {
  leftOut: { r3: { roomName: 'hr', roomType: 'private', reason: 'not-joined' } },
  users: { ana: { source: 'list', digest: 'd1' } },
  memberLists: { r1: { run: 1, seen: 's1' } },
  memberships: { 'r1 ana': { firstRun: 1, digest: 'd2' } },
} as const;
const bare: State = stateWith({
  longestPage: 100,
  lists: { ops: listState(), dev: listState({ roomId: 'r2' }) },
  changes: { r1: changesState(), r2: changesState() },
  rooms: { r1: 'digest', r2: 'digest' },
});
const lasting = { purges: [2], shard: { index: 1, count: 4, elsewhere: ['sales'] } };
const whole: State = { ...bare, ...lasting, ...parts };

describe('a link of the chain', () => {
  it('says all of the first state', () => {
    expect(replay(emptyState, 1, stateChange(null, whole))).toEqual(whole);
    expect(replay(emptyState, 1, stateChange(emptyState, whole))).toEqual(whole);
  });

  it('says nothing of what stays as it was, and that stays', () => {
    const after = { ...structuredClone(whole), run: 2 };
    const change = stateChange(whole, after);
    const nothing = { lists: {}, changes: {}, rooms: {}, reset: [] };
    expect(change).toEqual({ ...nothing, base: 'previous', longestPage: 100, sha256: stateSha256(after) });
    expect(replay(whole, 2, change)).toEqual(after);
  });

  it('says what is no longer there, and a part without entries is none', () => {
    const lists = { ops: listState({ messages: 11 }) };
    const after = { ...bare, ...lasting, run: 2, lists, purges: [2, 3] };
    const change = stateChange(whole, after);
    expect(change).toMatchObject({
      lists: { ops: { messages: 11 }, dev: null },
      leftOut: { r3: null },
      purges: [2, 3],
    });
    expect(replay(whole, 2, change)).toEqual(after);
  });

  it('that follows from none forgets every part of the state before', () => {
    const after = stateWith({ run: 2, rooms: { r9: 'digest' } });
    expect(replay({ ...bare, ...parts }, 2, stateChange(null, after))).toEqual(after);
  });

  it('resets rooms when all else is applied, and no others', () => {
    const reset = replay(whole, 2, { ...stateChange(whole, whole), reset: ['r1'] });
    expect(reset).toEqual({ ...resetRooms(whole, ['r1']), run: 2 });
    expect(reset.lists['dev']).toEqual(whole.lists['dev']);
    expect(reset.changes).toEqual({ r1: { ...changesState(), seen: null }, r2: changesState() });
    expect(reset.rooms).toEqual({ r2: 'digest' });
  });
});

describe('a list that is set back to its beginning', () => {
  const kept: Partial<ListState> = {
    ...{ formerNames: ['old'], messages: 7, gone: true, unjoined: true, lacking: ['reactions'] },
    counted: { rows: 9, slack: 1, differs: true, comparedMs: 5, countsVersions: false },
  };
  const read = listState({
    ...kept,
    ...{ complete: true, seen: 'mark', sinceMs: 3, untilMs: 9, earlier: [{ sinceMs: null, cursor: readTo(2) }] },
    holes: [{ reason: 'r', message: 'm', offset: 1, rows: 1, after: null, before: null, id: null, firstRun: 1 }],
  });
  const again = resetRooms(stateWith({ lists: { ops: read } }), 'all').lists['ops'];

  it('keeps what rows there are of it, and forgets how far and what of it was read', () =>
    expect(again).toEqual(listState({ ...kept, complete: false, seen: null, holes: [], cursor: fromTheBeginning })));

  it('is known by that: one of which nothing was written begins, too, and is read for the first time', () => {
    expect(
      [read, again, { ...read, messages: 0, cursor: fromTheBeginning }].map((list) => list && isReset(list)),
    ).toEqual([false, true, false]);
  });
});
