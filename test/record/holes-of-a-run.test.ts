import { describe, expect, it } from '@jest/globals';
import { withoutKnownHoles } from '../../src/record/state/known-holes.ts';
import { changedKey, metInLists, withoutMet } from '../../src/record/met-in-lists.ts';
import { holeGaps } from '../../src/record/hole-gaps.ts';
import { journalsToKeep } from '../../src/record/journals-to-keep.ts';
import { sampleChangesOutcome, sampleHole, sampleOutcome } from '../support/plans/sample-outcome.ts';
import { changesState, listState, stateWith } from '../support/plans/sample-state.ts';
import { sampleRoom } from '../support/plans/sample-room.ts';
import { sampleStream } from '../support/plans/sample-stream.ts';

const place = (tsMs: number) => ({ tsMs, id: `m${tsMs}` });
const unread = (tsMs: number) => sampleHole({ after: place(tsMs), before: place(tsMs + 1) });
const bad = (id: string, changedMs?: number) =>
  sampleHole({ reason: 'bad-message', message: 'no date', id, ...(changedMs !== undefined && { changedMs }) });
const reread = { reason: 'not-found', instead: { endpoint: 'groups.messages', sinceMs: 0 } };
const elsewhere = sampleStream({ room: sampleRoom({ id: 'r2' }) });

describe('places that a run met when it read a room once more', () => {
  const left = (holes: readonly ReturnType<typeof sampleHole>[], refusal: typeof reread | null = reread) => {
    const state = stateWith({
      lists: {
        a: listState({
          holes: [
            { ...bad('old'), firstRun: 1 },
            { ...unread(7), firstRun: 1 },
          ],
        }),
        b: listState({ roomId: 'r2', holes: [{ ...bad('other'), firstRun: 1 }] }),
      },
      changes: { r1: changesState({ unread: [{ id: 'edit', run: 1 }] }) },
    });
    const streams = [sampleOutcome({ holes: [unread(5)] }), sampleOutcome({ stream: elsewhere, holes: [unread(6)] })];
    const changes = [sampleChangesOutcome({ refusal, holes })];
    return withoutKnownHoles({ streams, changes }, state).changes[0]?.holes;
  };

  it('are reported but for those that its own list has reported in this run', () =>
    expect(left([unread(5), unread(6)])).toEqual([unread(6)]));

  it('are reported but for messages without a row that an earlier run reported', () =>
    expect(left([bad('old'), bad('edit'), bad('other'), bad('new'), unread(7)])).toEqual([
      bad('other'),
      bad('new'),
      unread(7),
    ]));

  it('are all reported where the server reported changes', () =>
    expect(left([bad('old')], null)).toEqual([bad('old')]));
});

describe('messages without a row that a list has met', () => {
  const changed = (id: string, atMs: number) =>
    sampleHole({ reason: 'bad-message', id, after: { tsMs: atMs, id: null } });

  it('are named as the server names their change', () => {
    expect([...metInLists([{ holes: [bad('a', 5), bad('b'), { ...unread(1), changedMs: 7 }] }])]).toEqual([
      'a@unreadable:5',
    ]);
    expect(changedKey(changed('a', 5))).toBe('a@unreadable:5');
    expect(changedKey(sampleHole())).toBe('@unreadable:0');
  });

  it('are not reported again as changes of their room', () => {
    const streams = [
      sampleOutcome({ holes: [bad('a', 5)] }),
      sampleOutcome({ stream: elsewhere, holes: [bad('b', 5)] }),
    ];
    const outcome = sampleChangesOutcome({ holes: [changed('a', 5), changed('a', 6), changed('b', 5)] });
    expect(withoutMet(outcome, streams).holes).toEqual([changed('a', 6), changed('b', 5)]);
    const lookedBack = { ...outcome, refusal: reread };
    expect(withoutMet(lookedBack, streams)).toBe(lookedBack);
  });
});

describe('the gaps of places that could not be read', () => {
  const known = {
    holes: [
      { ...bad('old'), firstRun: 1 },
      { ...unread(5), firstRun: 1 },
    ],
    via: 'messages' as const,
  };

  it('are one of each place until it can be read, and one of a message without a row for good', () => {
    const gaps = holeGaps(known, [bad('old'), bad('new'), unread(5)]);
    expect(gaps.map(({ reason }) => reason)).toEqual(['bad-message', 'http-500']);
    expect(gaps[0]).toEqual({ reason: 'bad-message', message: 'no date' });
  });

  it('say which messages are missing, and what stands around them', () => {
    const says = (fields: Parameters<typeof sampleHole>[0], via: 'messages' | 'history' = 'messages') =>
      holeGaps({ holes: [], via }, [sampleHole({ message: 'HTTP 500', ...fields })])[0]?.message;
    const around = { after: { tsMs: 0, id: 'a' }, before: { tsMs: 1_000, id: 'b' } };
    expect(says({ ...around, offset: 41 })).toBe(
      'HTTP 500; missing: message number 42 of the room, after "a" (1970-01-01T00:00:00.000Z), before "b" (1970-01-01T00:00:01.000Z)',
    );
    expect(says({ ...around, offset: 41, rows: 3 })).toContain('missing: 3 messages from number 42 of the room,');
    expect(says(around, 'history')).toContain('missing: one message of the room,');
    expect(says({ ...around, rows: 3 }, 'history')).toContain('missing: 3 messages of the room,');
    expect(says({})).toBe('HTTP 500; missing: message number 1 of the room, at its beginning, at its end');
    const undated = { tsMs: 0, id: null, undated: { type: 'text' as const, value: 'soon' } };
    expect(says({ after: undated })).toContain('after "" ("soon")');
  });
});

describe('journals that are kept though the job keeps none', () => {
  it('are those with a message that makes no row: nothing else would hold it', () => {
    const streams = [
      sampleOutcome({ holes: [unread(5)] }),
      sampleOutcome({ stream: elsewhere, holes: [bad('a'), unread(5)] }),
    ];
    const changes = [sampleChangesOutcome({ holes: [bad('b')] }), sampleChangesOutcome()];
    expect(journalsToKeep({ streams, changes })).toEqual([elsewhere.journal, sampleChangesOutcome().changes.journal]);
    expect(journalsToKeep({ streams: streams.slice(0, 1), changes: [] })).toEqual([]);
  });
});
