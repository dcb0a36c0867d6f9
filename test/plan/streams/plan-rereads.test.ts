import { describe, expect, it } from '@jest/globals';
import type { ChangesState, State } from '../../../src/archive/state/state.ts';
import { allTime } from '../../../src/model/time/period.ts';
import type { StepOptions } from '../../../src/model/step-options.ts';
import type { PlannedStream } from '../../../src/plan/run-plan.ts';
import { planRereads } from '../../../src/plan/streams/plan-rereads.ts';
import { changesState, listState } from '../../support/plans/sample-state.ts';
import { readTo, sampleMentions, sampleStream } from '../../support/plans/sample-stream.ts';

const whole = sampleStream({ cursor: readTo(5_000) });
const mentions = sampleMentions({ cursor: readTo(5_000) });

interface Setting {
  readonly known?: Partial<ChangesState>;
  readonly lists?: State['lists'];
  readonly steps?: readonly StepOptions[];
}

/** Which lists are read once more for which tables, where earlier runs made `messages` alone. */
function rereads(
  streams: readonly PlannedStream[],
  made: readonly string[],
  { known, lists = {}, steps = [] }: Setting = {},
) {
  const changes = { r1: changesState(known) };
  return planRereads(streams, { changes, lists }, new Set(made), steps);
}

const inShort = (...drawn: Parameters<typeof rereads>) =>
  rereads(...drawn).map(({ endpoint, tables }) => `${endpoint}: ${tables.join(', ')}`);

describe('the lists that are read once more', () => {
  it('are those of a room that lacks a table: from the beginning, and as if nothing was known of them', () => {
    const known = { ...whole, mayReplace: true, holes: [{ reason: 'http-500', message: '', offset: 0, rows: 1 }] };
    const holes = known.holes.map((hole) => ({ ...hole, after: null, before: null, id: null, firstRun: 1 }));
    const [reread, ...others] = rereads([{ ...known, holes }], ['messages', 'reactions']);
    expect(others).toEqual([]);
    expect(reread).toMatchObject({
      ...{ key: whole.key, tables: ['reactions'], holes: [], mayReplace: false, otherCursor: null },
      ...{ cursor: { watermark: null, deliveredIds: [] }, sinceMs: null, untilMs: null, isSought: false },
    });
  });

  it('are none where no table is lacking, no run has been, or the list is read anew in any case', () => {
    expect(inShort([whole], ['messages'])).toEqual([]);
    expect(planRereads([whole], { changes: {}, lists: {} }, new Set(['reactions']), [])).toEqual([]);
    expect(inShort([sampleStream()], ['messages', 'reactions'])).toEqual([]);
    const untaken = sampleStream({ spans: [{ sinceMs: null, cursor: sampleStream().cursor }] });
    expect(inShort([untaken], ['messages', 'reactions'])).toEqual([]);
  });

  it('are each part that runs took, to its end, whatever the job asks for now', () => {
    const spans = [
      { sinceMs: 1_000, cursor: readTo(2_000) },
      { sinceMs: 3_000, cursor: readTo(4_000) },
    ];
    const list = sampleStream({ cursor: readTo(4_000), spans, period: { sinceMs: 500, untilMs: 600 } });
    const first = { sinceMs: 1_000, untilMs: 2_001, isSought: true, cursor: { watermark: { tsMs: 999 } } };
    expect(rereads([list], ['messages', 'reactions'])).toMatchObject([first, { sinceMs: 3_000, untilMs: 4_001 }]);
    const endless = { ...list, period: allTime };
    expect(rereads([endless], ['messages', 'reactions'])).toMatchObject([first, { sinceMs: 3_000, untilMs: null }]);
  });

  it('are read on to the next part, or to the end, where messages behind the watermark of a part were taken', () => {
    const spans = [
      { sinceMs: 1_000, cursor: readTo(2_000, ['late']) },
      { sinceMs: 3_000, cursor: readTo(4_000, ['last']) },
    ];
    const list = sampleStream({ cursor: readTo(4_000), spans, period: { sinceMs: 500, untilMs: 9_000 } });
    expect(rereads([list], ['messages', 'reactions'])).toMatchObject([
      { sinceMs: 1_000, untilMs: 3_000 },
      { sinceMs: 3_000, untilMs: null },
    ]);
  });

  it('are those that lack a table which was made for another list of the room', () => {
    const known = { tables: ['messages', 'reactions'] };
    const lists = { [whole.key]: listState({ lacking: ['reactions'] }) };
    const pinned = sampleStream({ cursor: readTo(5_000), filters: { pinned: true } });
    expect(inShort([whole], ['messages', 'reactions'], { known })).toEqual([]);
    expect(inShort([whole, pinned], ['messages', 'reactions'], { known, lists })).toEqual([
      'groups.messages: reactions',
    ]);
    expect(inShort([whole], ['messages'], { known, lists })).toEqual([]);
  });

  it('are read once though several walks go over one', () =>
    expect(inShort([whole, { ...whole, sinceMs: 7_000 }], ['messages', 'reactions'])).toEqual([
      'groups.messages: reactions',
    ]));

  it('are those from which a table can come: mentions have a table, and parts of side tables, of their own', () => {
    const known = { tables: ['messages', 'mentioned_messages'] };
    const lists = [whole, mentions];
    expect(inShort(lists, ['messages', 'mentioned_messages', 'reactions'], { known })).toEqual([
      'groups.messages: reactions',
      'chat.getMentionedMessages: reactions of mentioned_messages',
    ]);
    expect(inShort(lists, ['messages', 'mentioned_messages'])).toEqual([
      'chat.getMentionedMessages: mentioned_messages',
    ]);
    expect(inShort(lists, ['messages', 'mentioned_messages'], { known: { tables: ['mentioned_messages'] } })).toEqual([
      'groups.messages: messages',
    ]);
  });
});

describe('for the table of users', () => {
  const made = ['messages', 'users'];
  const withoutMessages: Setting = { known: { tables: ['reactions'] } };

  it('nothing is read once more where rows of messages say who sent them', () => {
    expect(inShort([whole], made)).toEqual([]);
    expect(inShort([mentions], ['users'], { known: { tables: ['mentioned_messages'] } })).toEqual([]);
    const behind: Setting = { known: { tables: ['reactions'], behind: { messages: 5 } } };
    expect(inShort([whole], ['users'], behind)).toEqual([]);
  });

  it('the room’s whole list is read where none do, or its mentions where there is nothing else', () => {
    expect(inShort([whole, mentions], ['users'], withoutMessages)).toEqual(['groups.messages: users']);
    expect(inShort([mentions], ['users'], withoutMessages)).toEqual(['chat.getMentionedMessages: users']);
  });

  it.each<readonly [string, StepOptions, boolean]>([
    ['drops system messages', { kind: 'dropSystemMessages' }, false],
    ['drops other columns', { kind: 'dropColumns', columns: ['msg'] }, false],
    ['drops the sender', { kind: 'dropColumns', columns: ['msg', 'username'] }, true],
    ['keeps identities secret', { kind: 'pseudonymize', key: 'k' }, true],
    ['is a plug-in', { kind: 'use', plugin: {} } as unknown as StepOptions, true],
  ])('the list is read where a step of the job %s, if rows do not show who sent them', (_, step, isRead) => {
    expect(inShort([whole], made, { steps: [step] })).toEqual(isRead ? ['groups.messages: users'] : []);
    expect(inShort([whole], made, { steps: [{ kind: 'dropSystemMessages' }, step] })).toHaveLength(Number(isRead));
  });
});
