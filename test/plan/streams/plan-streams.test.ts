import { describe, expect, it } from '@jest/globals';
import type { State } from '../../../src/archive/state/state.ts';
import { JobError } from '../../../src/errors.ts';
import type { ExtractEntry } from '../../../src/job/job.ts';
import type { Room } from '../../../src/model/room.ts';
import { fromTheBeginning, type Hole } from '../../../src/model/stream.ts';
import { planStreams } from '../../../src/plan/streams/plan-streams.ts';
import { sampleRoom } from '../../support/plans/sample-room.ts';
import { listState, stateWith } from '../../support/plans/sample-state.ts';
import { readTo } from '../../support/plans/sample-stream.ts';

const ops = sampleRoom();
const dev = sampleRoom({ id: 'r2', name: 'dev' });
const general = sampleRoom({ id: 'c1', name: 'general', type: 'channel' });
const alice = sampleRoom({ id: 'd1', name: 'alice', type: 'direct' });
const phone = sampleRoom({ id: 'v1', name: 'phone', type: 'voip' });
const everything: readonly Room[] = [ops, dev, general, alice];

const plan = (entries: readonly ExtractEntry[], rooms = everything, state: State = stateWith()) =>
  planStreams(entries, rooms, state);
const keys = (entries: readonly ExtractEntry[], rooms?: readonly Room[], state?: State) =>
  plan(entries, rooms, state).map(({ key }) => key);
const groups = (...rooms: readonly string[]): ExtractEntry => ({ endpoint: 'groups.messages', rooms });

function hintOf(entries: readonly ExtractEntry[]): string | undefined {
  try {
    plan(entries);
    return undefined;
  } catch (error) {
    return error instanceof JobError ? error.hint : undefined;
  }
}

describe('the lists that a job asks for', () => {
  it('are those of each entry, in the order of the rooms, each read by the endpoint of its kind', () =>
    expect(keys([{ rooms: ['*'] }, { endpoint: 'chat.getMentionedMessages', rooms: ['ops', 'alice'] }])).toEqual([
      'groups.messages r1',
      'groups.messages r2',
      'channels.messages c1',
      'im.messages d1',
      'chat.getMentionedMessages r1',
      'chat.getMentionedMessages d1',
    ]));

  it('are read once, though two entries name the room', () =>
    expect(keys([groups('ops'), groups('*'), { rooms: ['ops'] }])).toEqual([
      'groups.messages r1',
      'groups.messages r2',
    ]));

  it('are those of rooms that nobody reads with the same filters only: a message would be in the table twice', () => {
    const twice = [groups('ops'), { ...groups('*'), pinned: true }];
    expect(() => plan(twice)).toThrow(
      'Cannot select rooms: room "ops" is in two entries of groups.messages with different filters',
    );
    expect(hintOf(twice)).toBe('Keep the room out of one of them: rooms: ["*", "!NAME"]');
    expect(hintOf([...twice, groups('opps')])).toContain('to list the rooms');
    expect(keys([groups('ops'), { ...groups('dev'), pinned: true }])).toEqual([
      'groups.messages r1',
      'groups.messages r2 pinned=true',
    ]);
    expect(
      keys([
        { ...groups('ops'), pinned: true },
        { endpoint: 'chat.getMentionedMessages', rooms: ['ops'] },
      ]),
    ).toHaveLength(2);
  });

  it('leave out rooms that the login may not read, though a job names them', () =>
    expect(keys([groups('*')], [ops, { ...dev, withheld: 'banned' }])).toEqual(['groups.messages r1']));

  it('leave out rooms that the login has not joined, unless the entry says otherwise', () => {
    const rooms = [ops, { ...dev, unjoined: true as const }];
    expect(keys([groups('*')], rooms)).toEqual(['groups.messages r1']);
    expect(keys([{ ...groups('*'), scope: 'readable' }], rooms)).toEqual(['groups.messages r1', 'groups.messages r2']);
  });

  it('have the page size and the filters of their entry', () => {
    const [stream] = plan([{ ...groups('ops'), pageSize: 50, mentionIds: ['b', 'a'] }]);
    expect(stream).toMatchObject({ pageSize: 50, filters: { mentionIds: ['a', 'b'] }, via: 'messages' });
    expect(plan([groups('ops')])[0]).toMatchObject({ pageSize: null, filters: {} });
  });

  it('are read via history where the endpoint refuses the room, or the job asks and it gains something', () => {
    const via = (entry: ExtractEntry, room: Room) => plan([entry], [room])[0]?.via;
    expect(via(groups('*'), ops)).toBe('messages');
    expect(via(groups('*'), { ...ops, archived: true })).toBe('history');
    expect(via({ ...groups('*'), via: 'history' }, ops)).toBe('history');
    expect(via({ rooms: ['*'], via: 'history' }, general)).toBe('messages');
    expect(via({ rooms: ['*'] }, { ...general, archived: true })).toBe('messages');
    expect(via({ endpoint: 'chat.getMentionedMessages', rooms: ['*'] }, { ...ops, archived: true })).toBe('messages');
  });
});

describe('a list that earlier runs have read', () => {
  const hole: Hole = { reason: 'http-500', message: '', offset: 1, rows: 1, after: null, before: null, id: null };
  const known = listState({ cursor: readTo(500, ['a']), holes: [{ ...hole, firstRun: 1 }] });

  it('goes on where it was, and at what could not be read', () => {
    const [stream] = plan([groups('ops')], everything, stateWith({ lists: { 'groups.messages r1': known } }));
    expect(stream).toMatchObject({ isNew: false, mayReplace: false, cursor: readTo(500, ['a']), holes: known.holes });
  });

  it('begins at its beginning where none has', () =>
    expect(plan([groups('ops')])[0]).toMatchObject({
      ...{ isNew: true, mayReplace: false, cursor: fromTheBeginning, holes: [], otherCursor: null },
    }));

  it('goes on where another endpoint was that read the room when it was of another kind', () => {
    const state = stateWith({ lists: { 'channels.messages r1': { ...known, endpoint: 'channels.messages' } } });
    expect(plan([groups('ops')], everything, state)[0]).toMatchObject({ isNew: false, cursor: readTo(500, ['a']) });
  });

  it('may bring rows that were written before, where it was set back or read with other filters', () => {
    const reset = { ...known, cursor: fromTheBeginning };
    const again = plan([groups('ops')], everything, stateWith({ lists: { 'groups.messages r1': reset } }))[0];
    expect(again).toMatchObject({ isNew: false, mayReplace: true, holes: [] });
    const filtered = stateWith({ lists: { 'groups.messages r1 pinned=true': known } });
    expect(plan([groups('ops')], everything, filtered)[0]).toMatchObject({ isNew: true, mayReplace: true });
    const ofOthers = stateWith({
      lists: {
        'groups.messages r2': listState({ roomId: 'r2' }),
        'chat.getMentionedMessages r1': listState({ endpoint: 'chat.getMentionedMessages' }),
      },
    });
    expect(plan([{ ...groups('ops'), pinned: true }], everything, ofOthers)[0]).toMatchObject({ mayReplace: false });
    const ofAnotherKind = listState({ endpoint: 'channels.messages' });
    const turned = stateWith({ lists: { 'channels.messages r1 pinned=true': ofAnotherKind } });
    expect(plan([groups('ops')], everything, turned)[0]).toMatchObject({ isNew: true, mayReplace: true });
  });

  it('brings no row again where no run wrote any: the room was refused, or had no messages', () => {
    const refused = { ...known, messages: 0, cursor: fromTheBeginning };
    const [again] = plan([groups('ops')], everything, stateWith({ lists: { 'groups.messages r1': refused } }));
    expect(again).toMatchObject({ isNew: false, mayReplace: false });
  });

  it('knows how far the other list of the room was read, if that is further, or no more than a minute less', () => {
    const other = (ownMs: number | null, ...mentionedMs: readonly number[]) => {
      const lists = Object.fromEntries([
        ...(ownMs === null ? [] : [['groups.messages r1', listState({ cursor: readTo(ownMs) })] as const]),
        ...mentionedMs.map((ms, at) => {
          const list = listState({ endpoint: 'chat.getMentionedMessages', cursor: readTo(ms) });
          return [`chat.getMentionedMessages r1 ${at}`, list] as const;
        }),
      ]);
      return plan([groups('ops')], everything, stateWith({ lists }))[0]?.otherCursor?.watermark?.tsMs;
    };
    expect(other(500, 700)).toBe(700);
    expect(other(100_000, 40_000)).toBe(40_000);
    expect(other(100_000, 39_999)).toBeUndefined();
    expect(other(null, 0)).toBe(0);
    expect(other(500, 600, 900, 800)).toBe(900);
    const elsewhere = {
      'x r2': listState({ endpoint: 'chat.getMentionedMessages', roomId: 'r2', cursor: readTo(900) }),
      'y r1': listState({ endpoint: 'chat.unknown', cursor: readTo(900) }),
      'z r1': listState({ endpoint: 'channels.messages', cursor: readTo(900) }),
    };
    expect(plan([groups('ops')], everything, stateWith({ lists: elsewhere }))[0]?.otherCursor).toBeNull();
  });
});

describe('an entry of a job that does not fit the rooms', () => {
  const problem = (entries: readonly ExtractEntry[], rooms?: readonly Room[], state?: State): string => {
    try {
      plan(entries, rooms, state);
      return '';
    } catch (error) {
      expect(error).toBeInstanceOf(JobError);
      return error instanceof Error ? error.message.replace('Cannot select rooms: ', '') : '';
    }
  };

  it('is told with what it may mean, and once', () => {
    expect(problem([groups('opps', 'nothing', 'opps')])).toBe(
      'no room matches "opps" (did you mean "ops"?); no room matches "nothing"',
    );
    expect(problem([{ rooms: ['ghost'] }])).toBe('no room matches "ghost"');
  });

  it('suggests no room that the entry would not read', () =>
    expect(problem([groups('opps')], [{ ...ops, unjoined: true }])).toBe('no room matches "opps"'));

  it('is none in an empty workspace, unless it is a name', () => {
    expect(problem([groups('*')], [])).toBe('');
    expect(problem([groups('**')], [])).toBe('');
    expect(problem([groups('ops*')], [])).toBe('no room matches "ops*"');
    expect(problem([groups('*')], [general])).toMatch(/^"\*" matches channel rooms only/);
  });

  it('says which endpoint reads the rooms that its own does not', () =>
    expect(problem([groups('general', 'alice')])).toBe(
      '"general" matches channel rooms only, and groups.messages reads private rooms ' +
        '(channels.messages reads those, as does an entry without endpoint); ' +
        '"alice" matches direct rooms only, and groups.messages reads private rooms ' +
        '(im.messages reads those, as does an entry without endpoint)',
    ));

  it('says so of several kinds at once, and of those that none reads', () => {
    expect(problem([groups('*')], [general, alice])).toMatch(
      /^"\*" matches channel and direct rooms only, .* \(channels.messages and im.messages read those,/,
    );
    expect(problem([{ rooms: ['phone'] }], [phone])).toBe(
      '"phone" matches voip rooms only, and no endpoint reads those',
    );
    expect(problem([groups('phone')], [phone])).toBe(
      '"phone" matches voip rooms only, and groups.messages reads private rooms',
    );
  });

  it('is none where another entry reads the room, or earlier runs did as what it was', () => {
    expect(problem([groups('general', 'ops'), { rooms: ['general'] }])).toBe('');
    const before = stateWith({ lists: { 'groups.messages c1': listState({ roomId: 'c1' }) } });
    expect(problem([groups('general', 'ops')], everything, before)).toBe('');
  });

  it('is none where earlier runs read the room, which is gone', () => {
    const before = stateWith({ lists: { 'groups.messages r9': listState({ roomId: 'r9', roomName: 'old' }) } });
    expect(problem([groups('old', 'ops')], everything, before)).toBe('');
    expect(problem([groups('older', 'ops')], everything, before)).toBe('no room matches "older"');
  });
});

describe('the lists of thousands of rooms', () => {
  /** How often what is known of lists was looked at, to plan `count` rooms that earlier runs have read. */
  const looks = (count: number): number => {
    let looked = 0;
    const rooms = Array.from({ length: count }, (_, at) => sampleRoom({ id: `r${at}`, name: `room ${at}` }));
    const lists = rooms.map(({ id }): [string, State['lists'][string]] => [
      `groups.messages ${id}`,
      Object.defineProperty(listState({ roomId: id }), 'roomId', {
        enumerable: true,
        get: () => {
          looked += 1;
          return id;
        },
      }),
    ]);
    expect(plan([groups('*')], rooms, { ...stateWith(), lists: Object.fromEntries(lists) })).toHaveLength(count);
    return looked;
  };

  it('are planned without a look at all lists for each room', () => expect(looks(200)).toBe(2 * looks(100)));
});
