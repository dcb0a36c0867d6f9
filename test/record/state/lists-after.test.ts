import { describe, expect, it } from '@jest/globals';
import { seenMark } from '../../../src/archive/state/seen-mark.ts';
import { mostHoles, type ListState, type State } from '../../../src/archive/state/state.ts';
import type { LoadResult } from '../../../src/model/run/load-result.ts';
import type { RunPlan } from '../../../src/plan/run-plan.ts';
import type { StreamOutcome } from '../../../src/plan/stream-outcome.ts';
import { listsAfter } from '../../../src/record/state/lists-after.ts';
import { sampleLoad } from '../../support/plans/sample-load.ts';
import { sampleHole, sampleOutcome } from '../../support/plans/sample-outcome.ts';
import { sampleRoom } from '../../support/plans/sample-room.ts';
import { sampleRunPlan } from '../../support/plans/sample-run-plan.ts';
import { changesState, listState, stateWith } from '../../support/plans/sample-state.ts';
import { readTo, sampleStream } from '../../support/plans/sample-stream.ts';

const room = sampleRoom({ changeMark: 'mark' });
const stream = sampleStream({ room });
const { key } = stream;

interface Setting {
  readonly lists?: State['lists'];
  readonly read?: readonly StreamOutcome[];
  readonly loaded?: Partial<LoadResult>;
  readonly plan?: Partial<RunPlan>;
  readonly unsettled?: readonly string[];
  readonly changes?: State['changes'];
}

function after({ lists = {}, read = [], loaded = {}, plan = {}, unsettled = [], changes = {} }: Setting) {
  const runPlan = sampleRunPlan({ streams: read.map((one) => one.stream), ...plan });
  const reread = new Set(read.map((one) => one.stream.room.id));
  const run = { state: stateWith({ lists, changes }), runPlan, loaded: sampleLoad(loaded) };
  return listsAfter(run, { streams: read, changes: [] }, { reread, unsettled: new Set(unsettled) });
}

/** The list of the room "ops" after it was read as the fields say. */
const ops = (fields: Partial<StreamOutcome> = {}, more: Setting = {}): ListState | undefined =>
  after({ read: [sampleOutcome({ stream, ...fields })], ...more })[key];

describe('a list after a run that read it', () => {
  it('is where the walk ended, with what it brought and how the room looked', () => {
    const loaded = { exported: { [stream.journal]: 4 } };
    expect(ops({}, { loaded, lists: { [key]: listState({ messages: 10 }) } })).toEqual({
      ...{ endpoint: 'groups.messages', roomId: 'r1', roomName: 'ops', roomType: 'private', formerNames: [] },
      ...{ cursor: readTo(7_000), messages: 14, complete: true, seen: seenMark('mark'), gone: false, holes: [] },
    });
    expect(ops()?.messages).toBe(0);
  });

  it('keeps the names that the room had, and that the login has not joined it', () => {
    const known = sampleStream({ room: { ...room, formerNames: ['old'], unjoined: true } });
    expect(ops({ stream: known })).toMatchObject({ formerNames: ['old'], unjoined: true });
  });

  it.each<readonly [string, Partial<StreamOutcome>, readonly string[]]>([
    ['it was not read to its end', { gap: { reason: 'wire', message: '' } }, []],
    ['a place in it could not be read', { holes: [sampleHole()] }, []],
    ['its room has something left to read', {}, ['r1']],
    ['the room list shows no mark', { stream: sampleStream() }, []],
  ])('is asked for again, whatever its room shows, where %s', (_, fields, unsettled) =>
    expect(ops(fields, { unsettled })?.seen).toBeNull(),
  );

  it('is not asked for again for a message that makes no row', () =>
    expect(ops({ holes: [sampleHole({ reason: 'bad-message', id: 'm' })] })?.seen).not.toBeNull());

  it('is complete only without a gap', () =>
    expect(ops({ gap: { reason: 'wire', message: '' } })?.complete).toBe(false));

  it('knows the newest places that could not be read', () => {
    const holes = Array.from({ length: mostHoles + 2 }, (_, at) => sampleHole({ after: { tsMs: at, id: 'm' } }));
    const kept = ops({ holes })?.holes ?? [];
    expect([kept.length, kept[0]?.after?.tsMs, kept[0]?.firstRun]).toEqual([mostHoles, 2, 2]);
  });

  it('takes the place of the one that another endpoint read: the room has changed its kind', () => {
    const before = { 'channels.messages r1': listState({ endpoint: 'channels.messages', messages: 10 }) };
    const lists = after({ lists: before, read: [sampleOutcome({ stream })] });
    expect(Object.keys(lists)).toEqual([key]);
    expect(lists[key]?.messages).toBe(10);
  });
});

describe('a list that is read in periods', () => {
  /** A walk of the list from one moment to another, that came to its end. */
  const walk = (sinceMs: number | null, untilMs: number | null, fields: Partial<StreamOutcome> = {}): StreamOutcome =>
    sampleOutcome({
      stream: sampleStream({ room, sinceMs, untilMs, period: { sinceMs, untilMs }, journal: `${sinceMs}.pages` }),
      cursor: readTo((untilMs ?? 7_001) - 1),
      ...fields,
    });
  const read = (...walks: readonly StreamOutcome[]): ListState | undefined => after({ read: walks })[key];

  it('begins and ends as its period does, which one without says nothing of', () => {
    expect(read(walk(1_000, 2_000))).toMatchObject({ sinceMs: 1_000, untilMs: 2_000, cursor: readTo(1_999) });
    for (const name of ['sinceMs', 'untilMs', 'earlier']) expect(read(walk(null, null))).not.toHaveProperty(name);
  });

  it('keeps the spans that nothing was read between, and joins those that meet', () => {
    const apart = read(walk(1_000, 2_000), walk(5_000, 6_000));
    expect(apart).toMatchObject({
      ...{ sinceMs: 5_000, cursor: readTo(5_999) },
      earlier: [{ sinceMs: 1_000, cursor: readTo(1_999) }],
    });
    const three = read(walk(1_000, 2_000), walk(3_000, 4_000), walk(5_000, 6_000));
    expect(three?.earlier?.map(({ sinceMs }) => sinceMs)).toEqual([1_000, 3_000]);
    const joined = read(walk(1_000, 2_000), walk(2_000, 6_000));
    expect(joined).toMatchObject({ sinceMs: 1_000, cursor: readTo(5_999) });
    expect(joined).not.toHaveProperty('earlier');
  });

  it('keeps spans of earlier runs that it did not read on, and reads its own on', () => {
    const spans = [
      { sinceMs: 1_000, cursor: readTo(1_999) },
      // What it names is behind the walk by now.
      { sinceMs: 5_000, cursor: readTo(5_500, ['old']) },
    ];
    const stream = sampleStream({ room, sinceMs: 5_000, period: { sinceMs: 5_000, untilMs: null }, spans });
    const list = after({ read: [sampleOutcome({ stream, cursor: readTo(5_999) })] })[key];
    expect(list).toMatchObject({ sinceMs: 5_000, cursor: readTo(5_999), earlier: [spans[0]] });
  });

  it('that is empty stands where its walk does', () => {
    const cursor = readTo(999);
    expect(read(walk(1_000, null, { cursor }))).toMatchObject({ sinceMs: 1_000, cursor });
  });

  it('is read to its end, and whole, only where each of its walks is', () => {
    const gap = { reason: 'wire', message: '' };
    expect(read(walk(1_000, 2_000), walk(2_000, 6_000))).toMatchObject({ complete: true, seen: seenMark('mark') });
    for (const walks of [
      [walk(1_000, 2_000, { gap }), walk(2_000, 6_000)],
      [walk(1_000, 2_000), walk(2_000, 6_000, { gap })],
    ])
      expect(read(...walks)).toMatchObject({ complete: false, seen: null });
    const holes = [sampleHole()];
    for (const walks of [
      [walk(1_000, 2_000, { holes }), walk(2_000, 6_000)],
      [walk(1_000, 2_000), walk(2_000, 6_000, { holes })],
    ])
      expect(read(...walks)).toMatchObject({ complete: true, seen: null });
    // The end of an older span is none up to which all was read.
    const spans = [{ sinceMs: 1_000, cursor: readTo(1_999) }];
    const stream = sampleStream({ room, sinceMs: 5_000, period: { sinceMs: 5_000, untilMs: null }, spans });
    expect(after({ read: [sampleOutcome({ stream, cursor: readTo(4_999) })] })[key]).toMatchObject({
      ...{ cursor: readTo(1_999), seen: null },
    });
  });

  it('has the rows of all its walks', () => {
    const loaded = { exported: { '1000.pages': 3, '2000.pages': 4 } };
    expect(after({ read: [walk(1_000, 2_000), walk(2_000, 6_000)], loaded })[key]?.messages).toBe(7);
  });
});

describe('what tables lack of a list', () => {
  const made = { tables: { messages: 0, reactions: 0 } };
  const known = { r1: changesState() };
  const reactions = listState({ lacking: ['reactions'] });

  it('is noted where a run made them for another list of the room, and gone once it was read again', () => {
    const pinned = sampleOutcome({ stream: sampleStream({ room, filters: { pinned: true } }) });
    const lists = { [key]: listState() };
    expect(after({ lists, read: [pinned], loaded: made, changes: known })[key]?.lacking).toEqual(['reactions']);
    const anew = sampleOutcome({ stream: sampleStream({ room, cursor: readTo(1_000) }) });
    expect(after({ lists: { [key]: reactions }, read: [anew], loaded: made, changes: known })[key]).not.toHaveProperty(
      'lacking',
    );
  });

  it('stays as it is where the run did not read the room, and the list is not copied', () => {
    const lists = { [key]: reactions, 'groups.messages r9': listState({ roomId: 'r9' }) };
    const kept = after({ lists, loaded: made });
    expect(kept[key]).toBe(lists[key]);
    expect(kept['groups.messages r9']).toBe(lists['groups.messages r9']);
  });
});

describe('a list after a run that did not read it', () => {
  const known = listState({ cursor: readTo(1_000, ['a']), seen: 'seen' });

  it('keeps its place: its entry may come back to the job', () =>
    expect(after({ lists: { [key]: known } })).toEqual({ [key]: known }));

  it('knows what changes delivered before its place', () => {
    const loaded = { delivered: { [key]: ['b', 'a'], other: ['z'] } };
    expect(after({ lists: { [key]: known }, loaded })[key]?.cursor.deliveredIds).toEqual(['a', 'b']);
  });

  it('is gone where its room is, and asked for again when that is back', () => {
    const gone = [
      { ...stream, reason: 'room-gone' as const },
      { ...sampleStream({ key: 'unknown' }), reason: 'room-gone' as const },
    ];
    expect(after({ lists: { [key]: known }, plan: { gone } })).toEqual({
      [key]: { ...known, complete: false, gone: true, seen: null },
    });
  });

  it('was withheld where its room is, until it is read again', () => {
    const plan = { withheld: [{ ...room, withheld: 'banned' as const }] };
    const withheld = { ...known, withheld: true as const };
    expect(after({ lists: { [key]: known }, plan })).toEqual({ [key]: withheld });
    expect(after({ lists: { [key]: withheld } })).toEqual({ [key]: withheld });
    expect(after({ lists: { [key]: withheld }, read: [sampleOutcome({ stream })] })[key]).not.toHaveProperty(
      'withheld',
    );
  });

  it('keeps how long it was, unless its room was read by another one', () => {
    const counted = { rows: 9, slack: 0, differs: false, comparedMs: null, countsVersions: false };
    const lists = { [key]: { ...known, counted } };
    expect(after({ lists })[key]?.counted).toEqual(counted);
    const other = sampleOutcome({ stream: sampleStream({ room, endpoint: 'chat.getMentionedMessages' }) });
    expect(after({ lists, read: [other] })[key]).toEqual(known);
  });
});
