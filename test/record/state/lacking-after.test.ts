import { describe, expect, it } from '@jest/globals';
import type { ChangesState, State } from '../../../src/archive/state/state.ts';
import { fromTheBeginning } from '../../../src/model/stream.ts';
import type { PlannedReread, RunStream } from '../../../src/plan/run-plan.ts';
import { lackingAfter } from '../../../src/record/state/lacking-after.ts';
import { sampleLoad } from '../../support/plans/sample-load.ts';
import { sampleChanges } from '../../support/plans/sample-changes.ts';
import { sampleHole, sampleOutcome } from '../../support/plans/sample-outcome.ts';
import { sampleRunPlan } from '../../support/plans/sample-run-plan.ts';
import { changesState, listState, stateWith } from '../../support/plans/sample-state.ts';
import { readTo, sampleStream } from '../../support/plans/sample-stream.ts';
import { nothingRead } from '../../../src/journal/completeness.ts';

const whole = sampleStream({ cursor: readTo(1_000) });
const pinned = sampleStream({ filters: { pinned: true } });

interface Setting {
  readonly lists?: State['lists'];
  readonly known?: Partial<ChangesState>;
  readonly made?: readonly string[];
  readonly walks?: readonly RunStream[];
  readonly planned?: readonly RunStream[];
  /** Messages that each walk took. */
  readonly messages?: number;
  readonly endpoint?: string;
  readonly reread?: { readonly tables: readonly string[]; readonly gap: boolean };
}

/** What the tables lack of the whole list of a room after a run. */
function lacking({
  lists = { [whole.key]: listState() },
  known = {},
  made = ['messages', 'reactions'],
  walks = [],
  planned = walks,
  messages = 3,
  endpoint = 'groups.messages',
  reread,
}: Setting): readonly string[] | undefined {
  const loaded = sampleLoad({ tables: Object.fromEntries(made.map((table) => [table, 0])) });
  const again: PlannedReread & RunStream = { ...whole, journal: 'again', tables: reread?.tables ?? [] };
  const gap = reread?.gap === true ? { reason: 'http-500', message: 'no' } : null;
  const runPlan = sampleRunPlan({
    ...{ streams: walks, changes: [sampleChanges({ revised: planned })] },
    rereads: reread === undefined ? [] : [again],
  });
  const state = stateWith({ lists, changes: { r1: changesState(known) } });
  const outcomes = {
    ...{
      streams: walks.map((stream) => sampleOutcome({ stream, completeness: { ...nothingRead, messages } })),
      changes: [],
    },
    rereads: reread === undefined ? [] : [sampleOutcome({ stream: again, gap })],
  };
  return lackingAfter({ state, runPlan, loaded }, outcomes)(whole.key, listState({ endpoint }));
}

describe('what tables lack of a list after a run', () => {
  it('is nothing where it was read again, and what it was where that ended in a gap', () => {
    expect(lacking({ walks: [whole], reread: { tables: ['reactions'], gap: false } })).toEqual([]);
    expect(lacking({ walks: [whole], reread: { tables: ['reactions'], gap: true } })).toEqual(['reactions']);
    const lists = { [whole.key]: listState({ lacking: ['reactions'] }) };
    const known = { tables: ['messages', 'reactions'] };
    expect(lacking({ lists, known, walks: [whole], reread: { tables: ['reactions'], gap: true } })).toEqual([
      'reactions',
    ]);
  });

  it('is what the run made for another list of the room', () => {
    expect(lacking({ walks: [pinned] })).toEqual(['reactions']);
    expect(lacking({ walks: [pinned], known: { tables: ['messages', 'reactions'] } })).toEqual([]);
  });

  it('is nothing of a list that began anew, or that no run had read', () => {
    const anew = sampleStream({ spans: [{ sinceMs: null, cursor: fromTheBeginning }] });
    expect(lacking({ walks: [anew] })).toEqual([]);
    expect(lacking({ walks: [pinned], lists: {} })).toEqual([]);
  });

  it('is what other runs made of the room, where this one took what no change brings', () => {
    const setting = { made: ['messages'], known: { tables: ['messages', 'reactions'] } };
    expect(lacking({ ...setting, walks: [whole] })).toEqual([]);
    const sought = sampleStream({ cursor: readTo(499), isSought: true });
    expect(lacking({ ...setting, walks: [sought] })).toEqual(['reactions']);
    for (const lists of [{}, { [whole.key]: listState({ cursor: fromTheBeginning }) }])
      expect(lacking({ ...setting, walks: [sampleStream()], lists })).toEqual(['reactions']);
    const hole = { ...sampleHole(), firstRun: 1 };
    for (const fields of [{ complete: false }, { untilMs: 1_001 }, { holes: [hole] }, { cursor: readTo(2_000) }]) {
      const lists = { [whole.key]: listState(fields) };
      expect(lacking({ ...setting, walks: [whole], lists })).toEqual(['reactions']);
    }
  });

  it('is unknown for a list of a room that the run did not read, or of an endpoint that is no more', () => {
    expect(lacking({ planned: [], walks: [] })).toBeUndefined();
    expect(lacking({ walks: [pinned], endpoint: 'old.messages' })).toBeUndefined();
  });

  it('stays what it was where the list could not be read again: of one that was begun, and whatever its kind was', () => {
    const again = { tables: ['reactions'], gap: true };
    const known = { tables: ['messages', 'reactions'] };
    const renamed = {
      'channels.messages r1': listState({ endpoint: 'channels.messages', lacking: ['reactions'] }),
    };
    expect(lacking({ lists: renamed, known, walks: [whole], reread: again })).toEqual(['reactions']);
    expect(lacking({ lists: {}, walks: [whole], reread: again })).toEqual([]);
    const anew = { sinceMs: null, cursor: fromTheBeginning };
    expect(lacking({ walks: [sampleStream({ spans: [anew] })], reread: again })).toEqual([]);
    const inPart = sampleStream({ spans: [anew, { sinceMs: 500, cursor: readTo(1_000) }] });
    expect(lacking({ walks: [inPart], reread: again })).toEqual(['reactions']);
    expect(lacking({ walks: [whole], planned: [whole, pinned] })).toEqual([]);
  });

  it('is only of tables that such a list has rows of, in their order, and not of people', () => {
    const tables = ['messages', 'users', 'reactions', 'mentioned_messages', 'links'];
    const sought = sampleStream({ cursor: readTo(499), isSought: true });
    const setting = { made: ['messages'], known: { tables }, walks: [sought] };
    expect(lacking(setting)).toEqual(['links', 'reactions']);
    expect(lacking({ ...setting, messages: 0 })).toEqual([]);
    expect(lacking({ ...setting, lists: { [whole.key]: listState({ lacking: ['users'] }) } })).toEqual([
      ...['links', 'reactions', 'users'],
    ]);
  });

  it('is nothing of a table that no run has made', () =>
    expect(lacking({ walks: [whole], made: ['messages'] })).toEqual([]));
});
