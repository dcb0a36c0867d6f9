import { describe, expect, it } from '@jest/globals';
import type { CountedList } from '../../../src/archive/state/state.ts';
import { nothingRead } from '../../../src/journal/completeness.ts';
import { noBalance, type Balance } from '../../../src/model/run/balance.ts';
import { fromTheBeginning } from '../../../src/model/stream.ts';
import type { ChangesOutcome, StreamOutcome } from '../../../src/plan/stream-outcome.ts';
import { countLists } from '../../../src/record/state/counted-lists.ts';
import { sampleChanges } from '../../support/plans/sample-changes.ts';
import { sampleChangesOutcome, sampleHole, sampleOutcome } from '../../support/plans/sample-outcome.ts';
import { changesState, listState } from '../../support/plans/sample-state.ts';
import { readTo, sampleMentions, sampleStream } from '../../support/plans/sample-stream.ts';

const nowMs = 9_000;
const stream = sampleStream({ cursor: readTo(5_000) });
const { key } = stream;

/** Ten messages at the end of the last walk, as all that came and went was known. */
const ten: CountedList = { rows: 10, slack: 0, differs: false, comparedMs: null, countsVersions: false };

interface Setting {
  /** null: the state does not know the length of the list. */
  readonly before?: Partial<CountedList> | null;
  /** null: the run does not read the list. */
  readonly walk?:
    (Partial<Omit<StreamOutcome, 'completeness'>> & { readonly taken?: number; readonly versions?: number }) | null;
  /** null: the run has not asked for the changes of the room. */
  readonly changes?: Partial<ChangesOutcome> | null;
  readonly balance?: Partial<Balance>;
  readonly unread?: readonly string[];
  readonly tables?: readonly string[];
  readonly hasChangesState?: boolean;
}

/** A walk that found nothing new in the list of ten, and the changes of its room, which nothing has happened to. */
function count({ before = {}, walk = {}, changes = {}, balance = {}, unread = [], ...setting }: Setting) {
  const { tables = ['messages'], hasChangesState = false } = setting;
  const { taken = 0, versions = 0, ...fields } = walk ?? {};
  const completeness = { ...nothingRead, messages: taken, versions };
  const { counted, miscounts } = countLists({
    state: {
      lists: before === null ? {} : { [key]: listState({ counted: { ...ten, ...before } }) },
      changes: hasChangesState ? { r1: changesState() } : {},
    },
    outcomes: {
      streams: walk === null ? [] : [sampleOutcome({ stream, total: 10, completeness, ...fields })],
      changes: changes === null ? [] : [sampleChangesOutcome({ ...changes })],
    },
    loaded: {
      balances: { r1: { ...noBalance, ...balance } },
      unread,
      tables: Object.fromEntries(tables.map((name) => [name, 0])),
    },
    nowMs,
  });
  return { counted: counted.get(key), miscounts: miscounts.map(({ total, expected }) => [total, expected]) };
}

/** What is kept of the list where it is as long as expected. */
const fits = (fields: Partial<CountedList>) => ({ counted: { ...ten, ...fields }, miscounts: [] });

const compared = { changes: sampleChanges({ compared: 'miscounted' }), total: 12 };

describe('a list that was walked on', () => {
  it.each<readonly [string, Setting, number]>([
    ['nothing has happened', {}, 10],
    ['three messages came', { walk: { taken: 3, total: 13 } }, 13],
    ['two came where no walk comes by, and one was deleted', { walk: { total: 11 }, balance: { added: 1 } }, 11],
    ['a place in it cannot be read', { walk: { taken: 1, holes: [sampleHole({ rows: 2 })], total: 13 } }, 13],
    [
      'a place in it was read by now',
      { walk: { stream: { ...stream, holes: [{ ...sampleHole({ rows: 2 }), firstRun: 1 }] }, taken: 2 } },
      10,
    ],
    ['one came that its total does not show yet', { balance: { lateNew: 1 } }, 11],
    ['one went that its total still shows', { balance: { lateGone: 1 } }, 9],
  ])('is as long as expected: %s', (_, setting, rows) => expect(count(setting)).toEqual(fits({ rows })));

  it.each<readonly [string, Setting, number, number]>([
    ['one is gone that nobody reported', { walk: { total: 9 } }, 9, 10],
    ['one more than the walk brought', { walk: { taken: 2, total: 13 } }, 13, 12],
    ['more are gone than were unclear', { before: { slack: 2 }, walk: { total: 7 } }, 7, 10],
    ['more came than were unclear', { before: { slack: 2 }, walk: { total: 13 } }, 13, 10],
    ['more are gone than may be', { walk: { total: 8 }, balance: { mayBeGone: 1 } }, 8, 10],
    ['more came than may have', { walk: { total: 12 }, balance: { mayBeNew: 1 } }, 12, 10],
    [
      'another one beside a place that cannot be read',
      { walk: { taken: 1, holes: [sampleHole({ rows: 2 })], total: 14 } },
      14,
      13,
    ],
    ['more than edits may have left', { walk: { total: 12 }, balance: { edits: 1 } }, 12, 10],
  ])('has another length, and its room is to be compared: %s', (_, setting, total, expected) => {
    const { counted, miscounts } = count(setting);
    expect(miscounts).toEqual([[total, expected]]);
    expect(counted).toMatchObject({ rows: total, differs: true });
  });

  it.each<readonly [string, Setting]>([
    ['as many are gone as were unclear', { before: { slack: 2 }, walk: { total: 8 } }],
    ['as many came as were unclear', { before: { slack: 2 }, walk: { total: 12 } }],
    ['as many are gone as may be', { walk: { total: 9 }, balance: { mayBeGone: 1 } }],
    ['one is gone that its total may show', { walk: { total: 9 }, balance: { lateGone: 1 } }],
    ['one is gone that the next run has reported again', { walk: { total: 9 }, balance: { deferred: 1 } }],
    ['as many came as may have', { walk: { total: 11 }, balance: { mayBeNew: 1 } }],
    ['one came that its total may show', { walk: { total: 11 }, balance: { lateNew: 1 } }],
    ['edits may have left earlier versions in it', { walk: { total: 11 }, balance: { edits: 1 } }],
    ['it is known to show earlier versions', { before: { countsVersions: true }, walk: { total: 99 } }],
  ])('has no other length for certain: %s', (_, setting) => {
    const { counted, miscounts } = count(setting);
    expect(miscounts).toEqual([]);
    expect(counted?.differs).toBe(false);
  });

  it('goes by its total, and by how much that may be wrong, where what came and went is unclear', () => {
    const late = { late: 1, lateNew: 2, lateGone: 3, mayBeGone: 9 };
    expect(count({ walk: { total: 8 }, balance: late })).toEqual(fits({ rows: 8, slack: 6 }));
    expect(count({ before: { slack: 1 }, walk: { total: 11 } })).toEqual(fits({ rows: 11 }));
    expect(count({ before: { slack: 2 }, walk: { total: 11 }, balance: { mayBeNew: 2 } })).toEqual(fits({ rows: 11 }));
    expect(count({ walk: { total: 12 }, balance: { edits: 3 } })).toEqual(fits({ rows: 12 }));
  });

  it('shows earlier versions from the first that it brought on', () => {
    expect(count({ walk: { taken: 1, versions: 1, total: 12 } })).toEqual(fits({ rows: 12, countsVersions: true }));
    expect(count({ before: { countsVersions: true } })).toEqual(fits({ countsVersions: true }));
  });

  it('is too long by versions that no walk met where the job makes their table', () => {
    const tables = ['messages', 'message_versions'];
    expect(count({ tables, walk: { total: 11 }, balance: { edits: 1 } }).miscounts).toEqual([[11, 10]]);
    expect(count({ tables, before: { countsVersions: true }, walk: { total: 11 } }).miscounts).toEqual([[11, 10]]);
    expect(count({ tables }).miscounts).toEqual([]);
    expect(count({ tables, walk: { taken: 1, versions: 1, total: 12 } }).miscounts).toEqual([]);
  });

  it('holds what it is known to hold where a gap cut the walk', () =>
    expect(count({ walk: { taken: 2, total: null }, balance: { added: -1, mayBeNew: 1, mayBeGone: 2 } })).toEqual(
      fits({ rows: 11, slack: 3 }),
    ));

  it.each<readonly [string, Setting]>([
    ['its changes were not asked for', { changes: null }],
    ['the server refuses them', { changes: { refusal: { reason: 'not-allowed', instead: null } } }],
  ])('counts anew from its total where nobody knows what went: %s', (_, setting) =>
    expect(count({ ...setting, walk: { total: 3 } })).toEqual(fits({ rows: 3 })),
  );

  it.each<readonly [string, Setting]>([
    ['they ended in a gap', { changes: { gap: { reason: 'wire', message: '' } } }],
    ['the archive could not be read for them', { unread: ['r1'] }],
  ])('waits for the next run, which has the changes reported again: %s', (_, setting) =>
    expect(count({ ...setting, walk: { taken: 1, total: 3 }, balance: { mayBeGone: 2 } })).toEqual(
      fits({ rows: 11, slack: 2 }),
    ),
  );

  it('keeps that it is to be compared, and when it was', () => {
    const before = { differs: true, comparedMs: 7 };
    expect(count({ before }).counted).toMatchObject(before);
  });
});

describe('a list whose length was not known', () => {
  const fromItsBeginning = { ...stream, cursor: fromTheBeginning };

  it('is as long as its total says after its first walk', () =>
    expect(count({ before: null, walk: { stream: fromItsBeginning, taken: 10 } })).toEqual(fits({})));

  it('is not counted where a table "messages" was made only later', () => {
    expect(count({ before: null, hasChangesState: true }).counted).toBeUndefined();
    expect(count({ before: null, hasChangesState: true, walk: { stream: fromItsBeginning } })).toEqual(fits({}));
    expect(count({ before: null })).toEqual(fits({}));
    expect(count({ tables: ['reactions'] })).toEqual({ counted: undefined, miscounts: [] });
  });

  it('stays unknown where a gap cut its first walk', () =>
    expect(count({ before: null, walk: { stream: fromItsBeginning, total: null } }).counted).toBeUndefined());

  it.each<readonly [string, Partial<StreamOutcome>]>([
    ['it is that of mentions', { stream: sampleMentions({ cursor: readTo(5_000) }) }],
    ['it was read for a period', { stream: { ...stream, sinceMs: 1_000 } }],
    ['it was read up to a time', { stream: { ...stream, untilMs: 1_000 } }],
  ])('is none to be counted: %s', (_, walk) => expect(count({ before: null, walk }).counted).toBeUndefined());
});

describe('a list that was read anew', () => {
  const walk = { stream: { ...stream, cursor: fromTheBeginning }, taken: 3, total: 3 };

  it('is as long as its total says, whatever it was', () => expect(count({ walk })).toEqual(fits({ rows: 3 })));

  it('is compared in part where a place in it cannot be read, and that again a lookback later', () => {
    expect(count({ walk: { ...walk, holes: [sampleHole()] } })).toEqual(
      fits({ rows: 3, differs: true, comparedMs: nowMs }),
    );
    const bad = sampleHole({ reason: 'bad-message' });
    expect(count({ before: { comparedMs: 7 }, walk: { ...walk, holes: [bad] } })).toEqual(
      fits({ rows: 3, comparedMs: 7 }),
    );
  });

  it('holds what was taken of it where a gap cut the walk', () =>
    expect(count({ walk: { ...walk, total: null } })).toEqual(fits({ rows: 3 })));
});

describe('a list whose room was compared with the archive', () => {
  it('is as long as it was then, and no more to be compared', () => {
    expect(count({ before: null, walk: null, changes: compared }).counted).toMatchObject({
      ...{ rows: 12, countsVersions: false },
    });
    const before = { differs: true, slack: 5, comparedMs: 7 };
    expect(count({ before, walk: null, changes: compared })).toEqual(fits({ rows: 12, comparedMs: nowMs }));
    // The walk of the same run was the later one.
    expect(count({ before, walk: { total: 13 }, changes: compared })).toEqual(fits({ rows: 13, comparedMs: nowMs }));
    expect(count({ before, walk: { total: null }, changes: compared }).counted?.rows).toBe(12);
  });

  it('is to be compared again where either reading met a place that cannot be read', () => {
    for (const holes of [{ walk: { holes: [sampleHole()] } }, { changes: { ...compared, holes: [sampleHole()] } }]) {
      expect(count({ changes: compared, ...holes }).counted).toMatchObject({ differs: true, comparedMs: nowMs });
    }
  });

  it('shows earlier versions if it has shown any', () => {
    const completeness = { ...nothingRead, versions: 1 };
    expect(count({ changes: { ...compared, completeness } }).counted?.countsVersions).toBe(true);
    expect(count({ before: { countsVersions: true }, changes: compared }).counted?.countsVersions).toBe(true);
    expect(count({ changes: compared }).counted?.countsVersions).toBe(false);
  });

  it.each<readonly [string, Partial<ChangesOutcome>]>([
    ['a gap cut the comparison', { ...compared, gap: { reason: 'wire', message: '' } }],
    ['nobody asked for it', { total: 12 }],
  ])('counts on as it was where %s', (_, changes) => expect(count({ walk: null, changes })).toEqual(fits({})));
});

describe('a list that the run did not read', () => {
  it('is as long as it was, but for what is reported', () => {
    expect(count({ walk: null })).toEqual(fits({}));
    const balance = { added: 2, lateNew: 1, lateGone: 4, mayBeGone: 3, mayBeNew: 2 };
    expect(count({ walk: null, balance })).toEqual(fits({ rows: 9, slack: 5 }));
    expect(count({ walk: null, balance: { mayBeNew: 1 } })).toEqual(fits({ slack: 1 }));
    expect(count({ walk: null, balance: { added: -99 } })).toEqual(fits({ rows: 0 }));
    expect(count({ before: null, walk: null, balance }).counted).toBeUndefined();
  });

  it('may be of any length where changes were refused, so that the next walk counts anew', () => {
    const refused = { refusal: { reason: 'not-allowed', instead: null } };
    expect(count({ walk: null, changes: refused })).toEqual(fits({ slack: 1_000_000_000 }));
  });

  it('may be of any length, too, where it was read by time, which does not say how long it is', () => {
    expect(count({ walk: { stream: { ...stream, via: 'history' }, total: null } })).toEqual(
      fits({ slack: 1_000_000_000 }),
    );
    expect(count({ before: null, walk: { stream: { ...stream, via: 'history' } } }).counted).toBeUndefined();
  });
});
