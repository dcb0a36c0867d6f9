import { describe, expect, it } from '@jest/globals';
import { dayMs } from '../../src/model/time/durations.ts';
import { seenMark } from '../../src/archive/state/seen-mark.ts';
import type { ChangesState, CountedList, ListState } from '../../src/archive/state/state.ts';
import {
  changesFromMs,
  isUnchanged,
  planChanges,
  silenceMark,
  type ChangesToPlan,
} from '../../src/plan/plan-changes.ts';
import { sampleRoom } from '../support/plans/sample-room.ts';
import { changesState, listState, stateWith } from '../support/plans/sample-state.ts';
import { readTo, sampleMentions, sampleStream } from '../support/plans/sample-stream.ts';

const silence = { nowMs: 100 * dayMs, lookbackMs: 7 * dayMs };
/** A room that shows the same as before, in which something was said a day ago. */
const room = sampleRoom({ changeMark: 'mark', lastMessageAtMs: 99 * dayMs });
const quiet = sampleStream({ room, cursor: readTo(1_000) });
const mentions = sampleMentions({ room, cursor: readTo(1_000) });
const { key } = quiet;

interface Setting {
  readonly list?: Partial<ListState>;
  readonly mentions?: Partial<ListState>;
  readonly changes?: Partial<ChangesState>;
  readonly options?: Partial<ChangesToPlan>;
  readonly streams?: readonly (typeof quiet)[];
}

/** What is planned of a room that was read to its end and has not changed since, but for what the setting says. */
function plan({ list, mentions: mentioned, changes, options, streams = [quiet] }: Setting = {}) {
  const seen = seenMark('mark');
  const state = stateWith({
    lists: {
      [key]: listState({ seen, ...list }),
      ...(mentioned && { [mentions.key]: listState({ endpoint: 'chat.getMentionedMessages', seen, ...mentioned }) }),
    },
    changes: { r1: changesState({ seen: silenceMark(room, silence), ...changes }) },
  });
  return planChanges(streams, state, {
    ...{ silence, restored: new Set(), isEveryRoom: false, made: new Set(['messages', 'mentioned_messages']) },
    ...options,
  });
}

describe('a list that is not read', () => {
  const seenAs = (seen: string | null) => stateWith({ lists: { [key]: listState({ seen }) } });

  it('is one whose room shows the same as when it was read to its end', () => {
    expect(isUnchanged(quiet, seenAs(seenMark('mark')))).toBe(true);
    expect(isUnchanged(quiet, seenAs(seenMark('other')))).toBe(false);
  });

  it.each([
    ['that was not read to its end', quiet, seenAs(null)],
    ['that no run has read', quiet, stateWith()],
    [
      'whose room was withheld from the last run',
      quiet,
      stateWith({ lists: { [key]: listState({ seen: seenMark('mark'), withheld: true }) } }),
    ],
    ['of which the room list shows nothing', sampleStream(), seenAs(seenMark('mark'))],
  ])('is never one %s', (_, stream, state) => expect(isUnchanged(stream, state)).toBe(false));
});

describe('the silence of a room', () => {
  const mark = (silentDays: number | null, lookbackMs = silence.lookbackMs) => {
    const lastMessageAtMs = silentDays === null ? null : silence.nowMs - silentDays * dayMs;
    const text = silenceMark({ ...room, lastMessageAtMs }, { ...silence, lookbackMs });
    return text?.slice(text.indexOf(' ') + 1);
  };

  it('is counted in doublings of the lookback', () =>
    expect([0, 6.99, 7, 13.99, 14, 27.99, 28, 56].map((days) => mark(days))).toEqual([
      '-1',
      '-1',
      '0',
      '0',
      '1',
      '1',
      '2',
      '3',
    ]));

  it('is none where nothing was ever said, and where the clock was set back', () => {
    expect(mark(null)).toBe('-1');
    expect(mark(-5)).toBe('-1');
  });

  it('is counted in milliseconds where the job has no lookback', () => expect(mark(1, 0)).toBe('26'));

  it('has no name where the room list shows no mark, and another where it shows another', () => {
    expect(silenceMark(sampleRoom(), silence)).toBeNull();
    expect(silenceMark({ ...room, changeMark: 'other' }, silence)).not.toBe(silenceMark(room, silence));
  });
});

describe('the rooms whose changes are read', () => {
  it('are none that show the same as before', () => expect(plan()).toEqual([]));

  it('are none that no run has read: changes count from there', () => {
    const options: ChangesToPlan = { silence, restored: new Set(), isEveryRoom: true, made: new Set(['messages']) };
    expect(planChanges([quiet], stateWith(), options)).toEqual([]);
    expect(planChanges([], stateWith(), options)).toEqual([]);
  });

  it.each<readonly [string, Setting]>([
    ['of which a list is read', { list: { seen: null } }],
    ['of which one of two lists is read', { streams: [quiet, mentions] }],
    ['with something left to read that the list does not show', { changes: { seen: null } }],
    ['all, where the run is asked for that', { options: { isEveryRoom: true } }],
    ['that a backup may have changed', { options: { restored: new Set(['r1']) } }],
    ['that are still to be compared with a backup', { changes: { compare: 'restored' } }],
    [
      'with a table that lacks changes',
      { changes: { behind: { mentioned_messages: 5 } }, streams: [quiet, mentions], mentions: {} },
    ],
    ['with a table that is new', { changes: { tables: [] } }],
  ])('are those %s', (_, setting) => expect(plan(setting).map(({ room: { id } }) => id)).toEqual(['r1']));

  it('are those whose silence has doubled, and none that has not lasted a lookback', () => {
    const asked = (silentDays: number, seenAfterDays: number) => {
      const at = (days: number) => sampleRoom({ changeMark: 'mark', lastMessageAtMs: silence.nowMs - days * dayMs });
      const streams = [sampleStream({ room: at(silentDays), cursor: readTo(1_000) })];
      return plan({ streams, changes: { seen: silenceMark(at(seenAfterDays), silence) } }).length;
    };
    expect([asked(6, 1), asked(7, 1), asked(13, 7), asked(14, 7), asked(28, 14), asked(6, 30)]).toEqual([
      0, 1, 0, 1, 1, 0,
    ]);
  });
});

describe('the changes of a room that are read', () => {
  const read: Setting = { list: { seen: null } };

  it('are those since the last run, but for what it delivered, for each of its lists', () => {
    const known = { messages: ['a@1', 'b@2'] };
    expect(plan({ ...read, changes: { sinceMs: 70, known } })).toMatchObject([
      {
        ...{ room, known, compared: null, isBehind: false, isPart: false },
        cursor: { watermark: { tsMs: 70, id: null }, offset: 0, deliveredIds: ['a@1', 'b@2'] },
        revised: [
          { key, endpoint: 'groups.messages', via: 'messages', filters: {}, pageSize: null, cursor: readTo(1_000) },
        ],
      },
    ]);
  });

  it('are passed over by the walk only where every table has them', () => {
    const known = { messages: ['a@1', 'b@2'], mentioned_messages: ['b@2', 'c@3'] };
    const [both] = plan({ ...read, changes: { known }, streams: [quiet, mentions], mentions: {} });
    expect(both?.cursor.deliveredIds).toEqual(['b@2']);
    const [none] = plan({ ...read, changes: { known: { mentioned_messages: ['c@3'] } }, streams: [quiet, mentions] });
    expect(none?.cursor.deliveredIds).toEqual([]);
  });

  it('are all since the table that lacks some, whatever the others have', () => {
    const changes = { sinceMs: 70, known: { messages: ['a@71'] }, behind: { messages: 5 } };
    const [behind] = plan({ changes });
    expect(behind).toMatchObject({ isBehind: true, known: {}, cursor: { watermark: { tsMs: 5 }, deliveredIds: [] } });
  });

  it('are not known to have been delivered where a backup may have taken them back', () => {
    const [compared] = plan({ changes: { known: { messages: ['a@1'] } }, options: { restored: new Set(['r1']) } });
    expect(compared).toMatchObject({ compared: 'restored', known: {}, cursor: { deliveredIds: ['a@1'] } });
  });

  it('are those of a part where earlier runs read all of the room, and this one the mentions', () => {
    const isPart = (setting: Setting) => plan({ ...setting, options: { isEveryRoom: true } })[0]?.isPart;
    expect(isPart({ streams: [mentions], mentions: {} })).toBe(true);
    expect(isPart({ streams: [quiet, mentions], mentions: {} })).toBe(false);
    expect(isPart({ streams: [mentions], mentions: {}, list: { roomId: 'r2' } })).toBe(false);
    expect(isPart({ streams: [mentions], mentions: {}, list: { endpoint: 'chat.unknown' } })).toBe(false);
  });
});

describe('a room that is compared with the archive', () => {
  const counted = (fields: Partial<CountedList>): Partial<ListState> => ({
    counted: { rows: 10, slack: 0, differs: true, comparedMs: null, countsVersions: false, ...fields },
  });
  const why = (setting: Setting) =>
    plan({ ...setting, options: { isEveryRoom: true, ...setting.options } })[0]?.compared;

  it('is one that is back, or was not compared yet when it was', () => {
    expect(why({ list: { gone: true } })).toBe('returned');
    expect(why({ list: { withheld: true } })).toBe('returned');
    expect(why({ changes: { compare: 'returned' } })).toBe('returned');
    expect(why({})).toBeNull();
  });

  it('is one that is back as a room of another kind', () => {
    const list = 'channels.messages r1';
    for (const lost of [{ gone: true }, { withheld: true } as const]) {
      const lists = { [list]: listState({ endpoint: 'channels.messages', ...lost }) };
      const state = stateWith({ lists, changes: { r1: changesState() } });
      const options = { silence, restored: new Set<string>(), isEveryRoom: false, made: new Set(['messages']) };
      expect(planChanges([quiet], state, options)[0]?.compared).toBe('returned');
    }
  });

  it('was restored, whatever else it is, and whatever the job makes', () => {
    const restored = { restored: new Set(['r1']), made: new Set(['links']) };
    expect(why({ list: { gone: true }, options: restored })).toBe('restored');
    expect(why({ changes: { compare: 'restored' }, options: { made: new Set(['links']) } })).toBe('restored');
  });

  it('is one whose list has another length than it should, not more often than once a lookback', () => {
    expect(why({ list: counted({}) })).toBe('miscounted');
    expect(why({ list: counted({ differs: false }) })).toBeNull();
    expect(why({ list: counted({ comparedMs: 93 * dayMs }) })).toBe('miscounted');
    expect(why({ list: counted({ comparedMs: 93 * dayMs + 1 }) })).toBeNull();
    // A clock that was set back must not keep it from ever being compared.
    expect(why({ list: counted({ comparedMs: 107 * dayMs }) })).toBe('miscounted');
  });

  it('rests a day where the job looks back for less', () => {
    const options = { silence: { ...silence, lookbackMs: 0 } };
    expect(why({ list: counted({ comparedMs: 99 * dayMs }), options })).toBe('miscounted');
    expect(why({ list: counted({ comparedMs: 99 * dayMs + 1 }), options })).toBeNull();
  });

  it('needs the table of messages, and a list of all of them', () => {
    const options = { made: new Set(['links']) };
    expect(why({ list: { gone: true }, options })).toBeNull();
    expect(why({ list: counted({}), options })).toBeNull();
    const history = sampleStream({ room, via: 'history', cursor: readTo(1_000) });
    expect(why({ list: counted({}), streams: [history] })).toBeNull();
  });

  it('is known by the list that another endpoint read before: a room may change its kind', () => {
    const asChannel = sampleStream({
      room: { ...room, type: 'channel' },
      endpoint: 'channels.messages',
      cursor: readTo(1_000),
    });
    expect(why({ list: counted({}), streams: [asChannel] })).toBe('miscounted');
  });

  it('is none that is read from its beginning, and none that waits until its whole list can be read', () => {
    const anew = sampleStream({ room });
    const history = sampleStream({ room, via: 'history', cursor: readTo(1_000) });
    for (const compare of ['restored', 'returned', 'reset', 'hidden-types'] as const) {
      expect([compare, why({ changes: { compare } })]).toEqual([compare, compare]);
      expect(why({ changes: { compare }, streams: [anew] })).toBeNull();
      expect(why({ changes: { compare }, streams: [history] })).toBeNull();
    }
  });
});

describe('since when the next run asks for changes', () => {
  const updated = (...times: readonly (number | null)[]) => times.map((updatedAtMs) => sampleRoom({ updatedAtMs }));
  const halfHourMs = 1_800_000;

  it('is half an hour before the newest room, or before now, whichever is earlier', () => {
    expect(changesFromMs(updated(5 * dayMs, null, 7 * dayMs), 9 * dayMs)).toBe(7 * dayMs - halfHourMs);
    expect(changesFromMs(updated(5 * dayMs, 11 * dayMs), 9 * dayMs)).toBe(9 * dayMs - halfHourMs);
  });

  it('is half an hour before now where no room says when it changed', () => {
    expect(changesFromMs(updated(null), 9 * dayMs)).toBe(9 * dayMs - halfHourMs);
    expect(changesFromMs([], 9 * dayMs)).toBe(9 * dayMs - halfHourMs);
  });

  it('is never before 1970', () => expect(changesFromMs([], 5)).toBe(0));
});
