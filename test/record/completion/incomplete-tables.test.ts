import { describe, expect, it } from '@jest/globals';
import type { LeftOutReason } from '../../../src/archive/state/left-out.ts';
import type { ChangesState, ListState, State } from '../../../src/archive/state/state.ts';
import { fromTheBeginning } from '../../../src/model/stream.ts';
import { incompleteTables, tableNotes } from '../../../src/record/completion/incomplete-tables.ts';
import { changesState, listState } from '../../support/plans/sample-state.ts';
import { sampleHole } from '../../support/plans/sample-outcome.ts';
import { readTo, sampleStream } from '../../support/plans/sample-stream.ts';

const tables = { messages: 0, reactions: 0 };
const reread = (...names: readonly string[]) => ({ ...sampleStream(), tables: names });

/** State after a run that made `reactions` of what it could. */
function incomplete(lists: State['lists'], { changes = {}, leftOut = {} }: Partial<State> = {}) {
  const rooms = [...new Set(Object.values(lists).map(({ roomId }) => roomId))];
  const known = changesState({ tables: ['messages', 'reactions'] });
  const all = { ...Object.fromEntries(rooms.map((id) => [id, known])), ...changes };
  return incompleteTables({ lists, changes: all, leftOut }, tables, new Set(['planned']));
}

const lacking = (id: string, fields: Partial<ListState> = {}) =>
  listState({ roomId: id, roomName: `room-${id}`, lacking: ['reactions'], ...fields });
const leftOut = (reason: LeftOutReason) => ({ roomName: '', roomType: '', reason });

describe('a table that lacks what earlier runs read of rooms', () => {
  it('is named once, with each room and why it was not read again', () => {
    const lists = {
      planned: lacking('r1'),
      a: lacking('r2', { lacking: ['reactions', 'links'] }),
      b: lacking('r3'),
      ...{ c: lacking('r4'), d: lacking('r4', { lacking: ['reactions of mentioned_messages'] }) },
      e: listState({ roomId: 'r5', roomName: 'whole' }),
    };
    const found = incomplete(lists, { leftOut: { r3: leftOut('refused'), r4: leftOut('gone'), r5: leftOut('gone') } });
    expect(found).toEqual([
      {
        ...{ table: 'reactions', format: null, columns: null, runs: [] },
        because:
          'of 4 rooms that earlier runs read it has only what came since it is made, or a part: "room-r4" is gone from the server; the server refuses "room-r3"; reading "room-r1" again ended in a gap, and the next run tries once more; the job does not ask for all that was read of "room-r2"',
        rooms: [
          { id: 'r4', name: 'room-r4', type: 'private', reason: 'gone' },
          { id: 'r3', name: 'room-r3', type: 'private', reason: 'refused' },
          { id: 'r1', name: 'room-r1', type: 'private', reason: 'gap' },
          { id: 'r2', name: 'room-r2', type: 'private', reason: 'not-asked' },
        ],
        roomCount: 4,
      },
    ]);
    expect(tableNotes({ rereads: [] }, found)).toEqual([
      `The table "reactions" is not whole: ${found[0]?.because ?? ''}.`,
    ]);
    expect(incomplete({ e: listState() })).toEqual([]);
  });

  it('is named for a room that no run has made it of, unless nothing was read of the room', () => {
    const changes = { r1: changesState({ tables: ['messages'] }) };
    const gone = { leftOut: { r1: leftOut('gone') }, changes };
    expect(incomplete({ a: listState({ gone: true }) }, gone)).toMatchObject([{ table: 'reactions' }]);
    const unread = listState({ cursor: fromTheBeginning, messages: 0 });
    expect(incomplete({ a: unread }, gone)).toEqual([]);
    // What an older program made nobody knows.
    const older = Object.fromEntries(Object.entries(changesState()).filter(([name]) => name !== 'tables'));
    expect(incomplete({ a: listState() }, { ...gone, changes: { r1: older as unknown as ChangesState } })).toEqual([]);
  });

  it('is none for a list by filters where the list without any was read, which holds all of it', () => {
    const key = 'groups.messages r1';
    const found = (whole: Partial<ListState>) =>
      incomplete({ [key]: listState(whole), [`${key} pinned=true`]: lacking('r1') });
    expect(found({})).toEqual([]);
    const lesser: readonly Partial<ListState>[] = [
      { lacking: ['reactions'] },
      { complete: false },
      { sinceMs: 5 },
      { untilMs: 5_000 },
      { cursor: fromTheBeginning },
      { cursor: readTo(999) },
      { holes: [{ ...sampleHole(), firstRun: 1 }] },
    ];
    for (const whole of lesser)
      expect([whole, found(whole)]).toEqual([whole, [expect.objectContaining({ roomCount: 1 })]]);
  });

  it('names twenty of the rooms, and three in a sentence', () => {
    const lists = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`l${at}`, lacking(String(at + 10))]));
    const [found] = incomplete(lists);
    expect(found?.rooms).toHaveLength(20);
    expect(found?.because).toMatch(/^of 30 rooms .*"room-10", "room-11", "room-12", and 27 more$/);
  });

  it('is named where lists were read once more for it', () => {
    expect(tableNotes({ rereads: [reread('reactions', 'reactions of mentioned_messages')] }, [])).toEqual([
      'One list was read again from the beginning, for tables that earlier runs did not make of all of it: reactions. Other tables got nothing of that.',
    ]);
    expect(
      tableNotes({ rereads: [reread('reactions'), { ...reread('links', 'reactions'), key: 'other' }] }, [])[0],
    ).toMatch(/^2 lists were read again from the beginning, .*: reactions, links\./);
    expect(tableNotes({ rereads: [] }, [])).toEqual([]);
  });
});
