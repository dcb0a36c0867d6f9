import { describe, expect, it } from '@jest/globals';
import { mostKnownChanges, type ChangesState } from '../../../src/archive/state/state.ts';
import type { LoadResult } from '../../../src/model/run/load-result.ts';
import type { ChangesOutcome, StreamOutcome } from '../../../src/plan/stream-outcome.ts';
import { changesAfter, isReadToTheEnd } from '../../../src/record/state/changes-after.ts';
import { sampleChanges } from '../../support/plans/sample-changes.ts';
import { sampleLoad } from '../../support/plans/sample-load.ts';
import { sampleChangesOutcome, sampleHole, sampleOutcome } from '../../support/plans/sample-outcome.ts';
import { sampleRoom } from '../../support/plans/sample-room.ts';
import { sampleRunPlan } from '../../support/plans/sample-run-plan.ts';
import { changesState, stateWith } from '../../support/plans/sample-state.ts';
import { readTo, sampleMentions, sampleStream } from '../../support/plans/sample-stream.ts';

const room = sampleRoom({ changeMark: 'mark' });
const gap = { reason: 'http-500', message: 'no' };
const badMessage = sampleHole({ reason: 'bad-message', id: 'bad', after: { tsMs: 6_000, id: null } });
const reread = { reason: 'not-found', instead: { endpoint: 'groups.messages', sinceMs: 0 } };

interface Setting {
  readonly known?: Partial<ChangesState> | null;
  readonly outcome?: Partial<ChangesOutcome> | null;
  readonly lists?: readonly StreamOutcome[];
  readonly loaded?: Partial<LoadResult>;
  readonly isUnsettled?: boolean;
}

/** Changes of a room were asked for since 1,000, by a run that began after 5,000; then this is what the next run knows. */
function after({ known = {}, outcome = {}, lists = [], loaded = {}, isUnsettled = false }: Setting = {}): ChangesState {
  const read = outcome === null ? undefined : sampleChangesOutcome(outcome);
  const state = stateWith({ changes: known === null ? {} : { r1: changesState(known) } });
  const runPlan = sampleRunPlan({
    changes: read === undefined ? [] : [read.changes],
    streams: lists.map(({ stream }) => stream),
  });
  return changesAfter({ state, runPlan, loaded: sampleLoad(loaded) }, room, read, lists, isUnsettled);
}

const versions = (...keys: readonly string[]) => ({
  versions: { r1: { known: { messages: keys }, isUnsettled: false } },
});

describe('since when the next run asks for the changes of a room', () => {
  it('is since shortly before this one, if it read them to their end', () => {
    expect(after()).toMatchObject({ sinceMs: 5_000, complete: true });
    expect(after({ known: null, outcome: null })).toMatchObject({ sinceMs: 5_000, complete: true });
  });

  it('is since the last run, if it did not, or read only messages', () => {
    expect(after({ outcome: { gap } })).toMatchObject({ sinceMs: 1_000, complete: false, seen: null });
    expect(after({ outcome: null })).toMatchObject({ sinceMs: 1_000, complete: false });
  });

  it('is since what this one asked for, if the server refused them and it looked back at messages', () => {
    const changes = sampleChanges({ cursor: readTo(1_000) });
    const known = after({ outcome: { changes, refusal: reread }, loaded: versions('b@4999', 'c@5001') });
    expect(known).toMatchObject({ sinceMs: 1_000, complete: true });
    expect(known).toMatchObject({ known: { messages: ['c@5001'] }, knownSinceMs: 5_000 });
    expect(after({ outcome: { changes, refusal: reread, gap } })).toMatchObject({ sinceMs: 1_000, complete: false });
  });

  it('is since when the changes began, if it looked back at messages of a room whose changes nobody had asked for', () => {
    const changes = sampleChanges({ cursor: { watermark: null, offset: 0, deliveredIds: [] } });
    expect(after({ known: { sinceMs: 2_000 }, outcome: { changes, refusal: reread } }).sinceMs).toBe(2_000);
    expect(after({ known: null, outcome: { changes, refusal: reread } }).sinceMs).toBe(5_000);
    const asked = sampleChanges({ cursor: readTo(500) });
    expect(after({ known: { sinceMs: 2_000 }, outcome: { changes: asked, refusal: reread } }).sinceMs).toBe(500);
  });

  it('is since before the first change that was left to it: the border is exclusive', () =>
    expect(after({ loaded: { deferred: { r1: 4_000, r2: 3 } } }).sinceMs).toBe(3_999));
});

describe('what the next run knows of the changes of a room', () => {
  it('is what this one and those before it delivered, later than what it will ask for', () => {
    const changes = sampleChanges({ known: { messages: ['a@4999', 'b@5001'], mentioned_messages: ['x@6000'] } });
    const { known, knownSinceMs } = after({ outcome: { changes }, loaded: versions('b@5001', 'c@5000', 'd@6000') });
    expect(known).toEqual({ messages: ['b@5001', 'd@6000'], mentioned_messages: ['x@6000'] });
    expect(knownSinceMs).toBe(5_000);
  });

  it('is what earlier runs delivered, where this one read none', () =>
    expect(after({ known: { known: { messages: ['a@2000'] } }, outcome: null }).known).toEqual({
      messages: ['a@2000'],
    }));

  it('is the newest of many, and since when those are all', () => {
    const keys = Array.from({ length: mostKnownChanges + 2 }, (_, at) => `m${at}@${6_000 + Math.max(2, at)}`).reverse();
    const { known, knownSinceMs } = after({ loaded: versions(...keys) });
    const most = Array.from({ length: mostKnownChanges }, (_, at) => `m${at}@${6_000 + at}`);
    expect(after({ loaded: versions(...most) }).known['messages']).toEqual(most);
    // Three share the millisecond at which the oldest two are dropped.
    expect(known['messages']).toHaveLength(mostKnownChanges - 1);
    expect(knownSinceMs).toBe(6_002);
  });

  it('does not forget since when it knew all, while changes are not read to their end', () => {
    expect(after({ known: { knownSinceMs: 4_000 }, outcome: { gap } }).knownSinceMs).toBe(4_000);
    expect(after({ known: { knownSinceMs: 400 }, outcome: { gap }, loaded: versions('a@2000') }).knownSinceMs).toBe(
      1_000,
    );
    expect(after({ known: { knownSinceMs: 9_000 } }).knownSinceMs).toBe(0);
  });

  it('has what could not be read in every table of the room: one report of it is enough', () => {
    const mentions = sampleMentions({ room });
    const { known, unread } = after({
      outcome: { holes: [badMessage], changes: sampleChanges({ revised: [sampleStream({ room }), mentions] }) },
    });
    expect(known).toEqual({ messages: ['bad@unreadable:6000'], mentioned_messages: ['bad@unreadable:6000'] });
    expect(unread).toEqual([{ id: 'bad', run: 2 }]);
    const met = sampleOutcome({ holes: [sampleHole({ reason: 'bad-message', id: 'x', changedMs: 5_500 })] });
    expect(after({ lists: [met] }).known).toEqual({ messages: ['x@unreadable:5500'] });
    expect(after({ outcome: { holes: [badMessage], refusal: reread } }).known).toEqual({});
    expect(after({ known: null, outcome: null, lists: [met] }).known).toEqual({ messages: ['x@unreadable:5500'] });
    expect(after()).not.toHaveProperty('unread');
  });

  it('names the room as it is called now, and adds up its rows', () => {
    const outcome = sampleChangesOutcome();
    const loaded = { exported: { [outcome.changes.journal]: 4 } };
    expect(after({ known: { roomName: 'old', rows: 3 }, loaded })).toMatchObject({ roomName: 'ops', rows: 7 });
    expect(after({ known: { rows: 3 }, outcome: null, loaded })).toMatchObject({ rows: 3 });
  });

  it('says how the room looked, unless something is left to read that the list does not show', () => {
    expect(after().seen).toMatch(/ -1$/);
    expect(after({ isUnsettled: true }).seen).toBeNull();
    expect(after({ outcome: { gap } }).seen).toBeNull();
  });

  it('says which tables have all of it, of those that the job makes', () => {
    expect(after()).toMatchObject({ tables: ['messages'] });
    expect(after({ loaded: { tables: {} } })).toMatchObject({ tables: [], behind: { messages: 1_000 } });
    expect(after()).not.toHaveProperty('behind');
    // Since the changes were asked for from the beginning, nothing is behind.
    const whole = { cursor: { watermark: null, offset: 0, deliveredIds: [] } };
    expect(after({ known: { tables: [] }, outcome: { changes: sampleChanges(whole) } }).tables).toEqual(['messages']);
    expect(after({ known: { tables: [], behind: { messages: 700 } } }).behind).toBeUndefined();
    const later = sampleChanges({ cursor: readTo(1_000) });
    expect(after({ known: { tables: [], behind: { messages: 700 } }, outcome: { changes: later } })).toMatchObject({
      ...{ tables: [], behind: { messages: 700 } },
    });
    expect(after({ known: null, outcome: null, lists: [sampleOutcome()] })).toMatchObject({ tables: ['messages'] });
  });

  it('says that a comparison is still due, where it came to no end', () => {
    const compared = (outcome: Partial<ChangesOutcome>, known: Partial<ChangesState> = {}) =>
      after({ known, outcome: { changes: sampleChanges({ compared: 'restored' }), ...outcome } }).compare;
    expect(compared({ refusal: reread })).toBeUndefined();
    expect(compared({ refusal: reread, gap })).toBe('restored');
    expect(after({ known: { compare: 'returned' } }).compare).toBe('returned');
  });
});

describe('a room of which all was read anew', () => {
  const tables = { messages: 0 };
  /** Whether a comparison is due that was due before, because the room was reset. */
  const due = (fields: Partial<StreamOutcome> = {}, loaded: Partial<LoadResult> = {}) =>
    after({ known: { compare: 'reset' }, outcome: null, lists: [sampleOutcome(fields)], loaded: { tables, ...loaded } })
      .compare;

  it('is compared by that, where its whole list was read from the beginning to the end', () => {
    expect(due()).toBeUndefined();
    expect(due({ gap })).toBe('reset');
    expect(due({ stream: sampleStream({ cursor: readTo(1_000) }) })).toBe('reset');
    expect(due({ stream: sampleStream({ untilMs: 3_000 }) })).toBe('reset');
    expect(due({ stream: sampleMentions({ room }) })).toBe('reset');
    expect(due({ stream: sampleStream({ filters: { pinned: true } }) })).toBe('reset');
  });

  it('is not where the run does not make the table, or could not look', () => {
    expect(due({}, { tables: {} })).toBe('reset');
    expect(due({}, { uncomparedRooms: ['r1'] })).toBe('reset');
    expect(due({}, { uncomparedRooms: ['r2'] })).toBeUndefined();
    const anew = after({ known: null, outcome: null, loaded: { uncomparedRooms: ['r1'] } });
    expect(anew.compare).toBe('reset');
  });

  it('by its history lacks what the workspace hides: that is due to be compared', () => {
    const hidden = (types: readonly string[] | null, lists: readonly StreamOutcome[]) => {
      const runPlan = sampleRunPlan({
        streams: lists.map(({ stream }) => stream),
        hiddenTypes: { lists: 1, types },
      });
      const state = stateWith({ changes: { r1: changesState() } });
      return changesAfter({ state, runPlan, loaded: sampleLoad() }, room, undefined, lists, false).compare;
    };
    const byTime = sampleOutcome({ stream: sampleStream({ via: 'history' }) });
    const mentions = sampleOutcome({ stream: sampleMentions({ room, via: 'history' }) });
    expect(hidden(['uj'], [byTime])).toBe('hidden-types');
    // Nobody knows which.
    expect(hidden(null, [byTime])).toBe('hidden-types');
    expect(hidden(['uj'], [byTime, mentions])).toBe('hidden-types');
    expect(hidden([], [byTime])).toBeUndefined();
    expect(hidden(['uj'], [sampleOutcome()])).toBeUndefined();
    expect(hidden(['uj'], [])).toBeUndefined();
  });
});

describe('changes that are read to their end', () => {
  const isRead = (fields: Partial<ChangesOutcome>, lists: readonly StreamOutcome[] = []) =>
    isReadToTheEnd(sampleChangesOutcome(fields), lists);

  it('are those that the server reported without a gap', () => {
    expect(isRead({})).toBe(true);
    expect(isRead({ holes: [sampleHole()] })).toBe(true);
    expect(isRead({ gap })).toBe(false);
  });

  it('are those of a room that was looked back at, but for a place that could not be read', () => {
    expect(isRead({ refusal: reread })).toBe(true);
    expect(isRead({ refusal: reread, gap })).toBe(false);
    expect(isRead({ refusal: reread, holes: [badMessage] })).toBe(true);
    expect(isRead({ refusal: reread, holes: [sampleHole()] })).toBe(false);
    expect(isRead({ refusal: reread }, [sampleOutcome({ holes: [sampleHole()] })])).toBe(false);
  });

  it('are never those of a room that was compared, nor of one whose list began anew', () => {
    expect(isRead({ refusal: reread, changes: sampleChanges({ compared: 'restored' }) })).toBe(false);
    expect(isRead({ refusal: reread, changes: sampleChanges({ revised: [sampleStream()] }) })).toBe(false);
    expect(isRead({ refusal: reread, changes: sampleChanges({ revised: [sampleMentions()] }) })).toBe(true);
  });
});
