import { describe, expect, it } from '@jest/globals';
import { dayMs } from '../../../src/model/time/durations.ts';
import type { State } from '../../../src/archive/state/state.ts';
import type { ExtractEntry, Job } from '../../../src/job/job.ts';
import { nothingRead } from '../../../src/journal/completeness.ts';
import type { LoadResult } from '../../../src/model/run/load-result.ts';
import type { RunPlan } from '../../../src/plan/run-plan.ts';
import type { RunOutcomes } from '../../../src/plan/stream-outcome.ts';
import { noRoomsNote } from '../../../src/record/notes/no-rooms-note.ts';
import { notesOn } from '../../../src/record/notes/notes-on.ts';
import { sampleLoad } from '../../support/plans/sample-load.ts';
import { sampleChangesOutcome, sampleHole, sampleOutcome } from '../../support/plans/sample-outcome.ts';
import { sampleRoom } from '../../support/plans/sample-room.ts';
import { sampleRunPlan } from '../../support/plans/sample-run-plan.ts';
import { changesState, listState, stateWith } from '../../support/plans/sample-state.ts';
import { sampleChanges } from '../../support/plans/sample-changes.ts';
import { readTo, sampleMentions, sampleStream } from '../../support/plans/sample-stream.ts';

const job: Job = {
  name: 'nightly',
  server: { url: 'https://chat.example', login: { kind: 'token', userId: 'u1', authToken: 'secret' } },
  extract: [{ rooms: ['*'] }],
  ...{ transform: { tables: ['messages'] }, sinks: [{ format: 'jsonl' }], output: '/archive', concurrency: 4 },
};

interface Setting {
  readonly extract?: readonly ExtractEntry[];
  readonly state?: Partial<State>;
  readonly plan?: Partial<RunPlan>;
  readonly loaded?: Partial<LoadResult>;
  readonly outcomes?: Partial<RunOutcomes>;
}

/** The notes on a run that read the room "ops" to its end, and nothing else. */
function notes({ extract = job.extract, state = {}, plan, loaded, outcomes = {} }: Setting): readonly string[] {
  const { streams = [sampleOutcome()], changes = [] } = outcomes;
  return notesOn({ ...job, extract }, stateWith(state), sampleRunPlan(plan), { streams, changes }, sampleLoad(loaded));
}

const startedMs = Date.parse(sampleRunPlan().startedAt);
const onlyReported =
  'Only deletions that the server reports are known: it does so for 30 days, and not at all if Message_KeepHistory is on.';
const withheld = (name: string, reason: 'banned' | 'invited') => sampleRoom({ id: name, name, withheld: reason });

/** Changes of the room "ops" that were asked for since some days before the run. */
const reported = (days: number) =>
  sampleChangesOutcome({ changes: sampleChanges({ cursor: readTo(startedMs - days * dayMs) }) });

describe('the notes on a run', () => {
  it('are none where it read its room to the end', () => expect(notes({})).toEqual([]));

  it('say that the job finds no room, unless those that it finds are withheld', () => {
    expect(notes({ outcomes: { streams: [] } })).toEqual([noRoomsNote]);
    expect(notes({ outcomes: { streams: [] }, plan: { withheld: [withheld('a', 'banned')] } })).toEqual([
      'Room "a" was left out: this login has been banned from it.',
    ]);
    expect(notes({ plan: { withheld: [withheld('b', 'invited')] } })).toEqual([
      'Room "b" was left out: this login has been invited, and has not accepted.',
    ]);
  });

  it('count the lists that were not read for nothing has changed', () => {
    const unchanged = (count: number) =>
      notes({ plan: { unchanged: Array.from({ length: count }, (_, at) => `groups.messages r${at}`) } }).map(
        (note) => note.split(':')[0],
      );
    expect(unchanged(1)).toEqual(['1 list was not read']);
    expect(unchanged(2)).toEqual(['2 lists were not read']);
    expect(notes({ outcomes: { streams: [] }, plan: { unchanged: ['x'] } })).toHaveLength(1);
  });

  it('send nobody to --every-room where the changes of those rooms were asked for (regression: a run that had it)', () => {
    const key = 'groups.messages r1';
    const state = { lists: { [key]: listState({ roomId: 'r1' }) } };
    const plan = { unchanged: [key] };
    expect(notes({ state, plan })[0]).toContain('or by --every-room.');
    const changes = [sampleChangesOutcome({ changes: sampleChanges({ room: sampleRoom({ id: 'r1' }) }) })];
    expect(notes({ state, plan, outcomes: { changes } })[0]).toBe(
      '1 list was not read: the room list shows no change.',
    );
  });

  it('say which deletions the server does not report', () => {
    expect(notes({ outcomes: { changes: [reported(30)] } })).toEqual([onlyReported]);
    expect(notes({ outcomes: { changes: [reported(31)] } })).toEqual([
      onlyReported,
      'Deletions in room "ops" were requested since 2024-01-01T00:00:00.000Z, and the server reports those of 30 days only: earlier ones may be missing.',
    ]);
    const fromTheFirst = sampleChangesOutcome({
      changes: sampleChanges({ cursor: { ...readTo(0), watermark: null } }),
    });
    expect(notes({ outcomes: { changes: [fromTheFirst] } })[1]).toContain('since 1970-01-01T00:00:00.000Z');
    const refused = { ...reported(99), refusal: { reason: 'not-allowed', instead: null } };
    expect(notes({ outcomes: { changes: [refused] } })).not.toContain(onlyReported);
  });

  it('say what mentions are not read', () =>
    expect(notes({ outcomes: { streams: [sampleOutcome({ stream: sampleMentions() })] } })).toEqual([
      'chat.getMentionedMessages returns mentions of the user by name only: not those of @all, @here or a team.',
    ]));

  it('say where rows of the archive could not be looked at', () => {
    const uncompared = { kind: 'note', message: 'no column "op"' } as const;
    expect(notes({ loaded: { uncompared } })).toEqual([]);
    expect(notes({ loaded: { uncompared }, outcomes: { changes: [reported(1)] } })).toEqual([
      onlyReported,
      'What changed could not be compared with the rows of the archive (no column "op"): every change that the server reported is a row, also of messages that no run had written, and each tombstone has the time of the deletion as its ts.',
    ]);
    const damaged = { uncompared: { ...uncompared, kind: 'gap' as const } };
    expect(notes({ loaded: damaged, outcomes: { changes: [reported(1)] } })).toEqual([onlyReported]);
    expect(notes({ loaded: { unlooked: 'no column "op"' } })).toEqual([
      'Whether messages that were read for the first time, or again, have rows of earlier runs in other tables could not be looked up (no column "op"): messages that a step of the job drops now stay, and so do rows of mentions, reactions, attachments and links that such a message no longer has.',
    ]);
  });

  it('name the types of messages that lists read by time lack', () => {
    const hidden = (lists: number, types: readonly string[] | null) =>
      notes({ plan: { hiddenTypes: { lists, types } } });
    expect(hidden(1, ['uj', 'ul'])).toEqual([
      'One list was read by its history, which lacks the types of messages that the workspace hides (Hide_System_Messages): uj, ul.',
    ]);
    expect(hidden(2, null)).toEqual([
      '2 lists were read by their history, which lacks the types of messages that the workspace hides (Hide_System_Messages): the server does not say which.',
    ]);
    expect(hidden(2, [])).toEqual([]);
    expect(hidden(0, ['uj'])).toEqual([]);
  });

  it('say that a history was asked for of rooms that have none', () => {
    const streams = [sampleStream({ endpoint: 'channels.messages' }), sampleStream()].map((stream) =>
      sampleOutcome({ stream }),
    );
    const said =
      '"via: history" has no effect on rooms of channels.messages: they were read as messages, on pages of the same size.';
    expect(notes({ extract: [{ rooms: ['*'], via: 'history' }], outcomes: { streams } })).toEqual([said]);
    expect(notes({ outcomes: { streams } })).toEqual([]);
    expect(notes({ extract: [{ rooms: ['*'], via: 'history' }] })).toEqual([]);
  });

  it('say of which period messages were read', () => {
    const [sinceMs, untilMs] = [Date.UTC(2024, 0, 1), Date.UTC(2024, 1, 1)];
    const stream = sampleStream({ period: { sinceMs, untilMs } });
    const others = ' Others, and what happens to them, were not asked for.';
    const said = (...streams: readonly (typeof stream)[]) =>
      notes({ outcomes: { streams: streams.map((one) => sampleOutcome({ stream: one })) } });
    expect(said(stream)).toEqual([
      `One list was read for a period only: messages sent since 2024-01-01T00:00:00.000Z and before 2024-02-01T00:00:00.000Z.${others}`,
    ]);
    expect(said({ ...stream, period: { sinceMs, untilMs: null } })[0]).toContain(
      'sent since 2024-01-01T00:00:00.000Z.',
    );
    expect(said({ ...stream, period: { sinceMs: null, untilMs } })[0]).toContain(
      'sent before 2024-02-01T00:00:00.000Z.',
    );
    // Two walks over one list are one list.
    expect(said(stream, stream)[0]).toMatch(/^One list was/);
    expect(said(stream, { ...stream, key: 'another' })[0]).toMatch(/^2 lists were/);
    expect(notes({ plan: { listsOutsidePeriod: 1 } })).toEqual([
      'The archive holds messages outside the period of the job, of 1 list that earlier runs read: their rows stay, and are kept up to date.',
    ]);
    expect(notes({ plan: { listsOutsidePeriod: 2 } })[0]).toContain('of 2 lists that');
  });

  it('name a room that the job names as it was before', () => {
    const stream = sampleStream({ room: sampleRoom({ formerNames: ['war-room', 'old'] }) });
    const outcomes = { streams: [sampleOutcome({ stream }), sampleOutcome({ stream })] };
    expect(notes({ extract: [{ rooms: ['war-room', 'dev'] }], outcomes })).toEqual([
      'Room "ops" is named "war-room" in the job, as it was before: it continues as the same room.',
    ]);
    expect(notes({ extract: [{ rooms: ['*'] }], outcomes })).toEqual([]);
  });

  it('name a list that a reset of the state had read again', () => {
    const stream = sampleStream({ mayReplace: true, isNew: false });
    const again = (fields: Partial<typeof stream>, messages = 10) =>
      notes({
        state: { lists: { [stream.key]: listState({ messages }) } },
        outcomes: { streams: [sampleOutcome({ stream: { ...stream, ...fields } })] },
      });
    expect(again({})).toEqual([
      'Room "ops" (groups.messages) was read again from its beginning, after a state reset: rows of earlier runs are exported again.',
    ]);
    for (const plain of [again({ mayReplace: false }), again({ isNew: true }), again({}, 0)]) expect(plain).toEqual([]);
  });

  it('count discussions that messages started and that no list of rooms has', () => {
    const started = (ids: readonly string[], unreadable: readonly string[] | null = []) =>
      notes({
        plan: { seen: { ...sampleRunPlan().seen, unreadable } },
        loaded: {
          seen: {
            encryptedMessages: 0,
            files: 0,
            discussions: Object.fromEntries(ids.map((id) => [id, { name: `name of ${id}`, kind: 'private' }])),
          },
        },
      });
    expect(started(['d'])).toEqual([
      'One discussion that a message started is in no list of rooms: the next run looks whether the login can read it.',
    ]);
    expect(started(['d', 'e'])).toEqual([
      '2 discussions that messages started are in no list of rooms: the next run looks whether the login can read them.',
    ]);
    expect(started(['d'], ['d'])).toEqual([]);
    expect(started(['d'], null)).toEqual([]);
    expect(started([])).toEqual([]);
    const leftOut = { p: { roomName: 'p', roomType: 'private', reason: 'not-joined' } } as const;
    expect(notes({ state: { leftOut }, plan: { seen: { ...sampleRunPlan().seen, unreadable: [] } } })).toEqual([]);
  });

  it('say what became of a room that is gone', () => {
    const gone = (reason: 'room-gone' | 'room-renamed') =>
      notes({ plan: { gone: [{ ...sampleStream({ room: sampleRoom({ id: 'g', name: 'attic' }) }), reason }] } });
    expect(gone('room-gone')).toEqual([
      'Room "attic" (groups.messages) was read before and is gone: deleted, or left by the login. Its rows stay; reading continues if it comes back.',
    ]);
    expect(gone('room-renamed')).toEqual([
      'Room "attic" has a new name, which no entry of the job matches: add it, and the room is read on where it was. Its rows stay.',
    ]);
  });

  it('name lists that the job reads no more', () => {
    const other = { endpoint: 'chat.getMentionedMessages' };
    const left = (fields: Partial<ReturnType<typeof listState>>, plan: Partial<RunPlan> = {}) =>
      notes({ state: { lists: { other: listState({ ...other, ...fields }) } }, plan });
    expect(left({})).toEqual([
      'A list of room "ops" (chat.getMentionedMessages) was read before, and the job reads the room by other filters or another endpoint now; its rows stay.',
    ]);
    expect(left({ roomId: 'r9', roomName: 'attic' })).toEqual([
      'Room "attic" (chat.getMentionedMessages) was read before and is no longer among the rooms that the job finds; its rows stay.',
    ]);
    expect(left({ roomId: 'a' }, { withheld: [withheld('a', 'banned')] })).toHaveLength(1);
    expect(left({}, { unchanged: ['other'] })).toHaveLength(1);
    const whole = 'groups.messages r9';
    const list = listState({ roomId: 'r9' });
    const lists = { [whole]: list, [`${whole} pinned=true`]: list, [`${whole} mentionIds=u`]: list };
    const unasked = (key: string, state = lists) =>
      notes({ state: { lists: state }, plan: { unchanged: [key] } }).filter((note) => note.includes('was read before'));
    expect(unasked(whole)).toEqual([]);
    expect(unasked(whole, { ...lists, [whole]: { ...list, sinceMs: 5 } })).toEqual([
      expect.stringMatching(/^A list of room "ops" .* by other filters/),
    ]);
    // The same list by the endpoint that read it before the room changed its kind.
    expect(
      notes({ state: { lists: { 'channels.messages r1': listState({ endpoint: 'channels.messages' }) } } }),
    ).toEqual([]);
    const gone = [{ ...sampleStream(), key: 'other', reason: 'room-gone' as const }];
    expect(left({}, { gone })).toHaveLength(1);
  });

  it('name messages of earlier runs that make no row, ten at most', () => {
    const bad = (count: number) =>
      Array.from({ length: count }, (_, at) => ({
        ...sampleHole({ reason: 'bad-message', id: at === 0 ? null : `m${at}`, offset: at }),
        firstRun: 1,
      }));
    const named = (count: number) =>
      notes({
        state: {
          lists: { [sampleStream().key]: listState({ holes: [...bad(count), { ...sampleHole(), firstRun: 1 }] }) },
        },
      });
    expect(named(0)).toEqual([]);
    expect(named(1)).toEqual([
      'Room "ops" (groups.messages): 1 message of an earlier run makes no row: number 1 (run 1); the responses with them are in _raw.',
    ]);
    expect(named(2)[0]).toContain('2 messages of earlier runs make no row: number 1 (run 1), "m1" (run 1); ');
    expect(named(10)[0]).toContain('"m9" (run 1); the');
    expect(named(11)[0]).toContain('"m9" (run 1)…; the');
  });

  it('say how many places are too many to be tried again', () => {
    const holes = Array.from({ length: 101 }, (_, at) => sampleHole({ after: { tsMs: at, id: null } }));
    const [note, ...others] = notes({ outcomes: { streams: [sampleOutcome({ holes })] } });
    expect(others).toEqual([]);
    expect(note).toMatch(
      /^Room "ops" \(groups.messages\): 101 places could not be read, and the state keeps the newest 100: the 1 before them/,
    );
  });

  it('pass on those on changed messages, people, completion and lengths of lists', () => {
    const state = {
      changes: { r1: changesState({ unread: [{ id: 'm', run: 1 }] }) },
    };
    expect(notes({ state })[0]).toMatch(
      /^Room "ops": 1 changed message of earlier runs could not be read: "m" \(run 1\);/,
    );
    const people = { known: {}, notes: ['The list of users was refused.'] };
    const completion = { completed: [], incomplete: [], columns: [], outdated: [], unlooked: 'it is damaged' };
    expect(notes({ loaded: { people, completion } })).toEqual([
      'The list of users was refused.',
      'Whether every format of the job has the rows of earlier runs could not be looked up: it is damaged.',
    ]);
    const seen = { ...sampleRunPlan().seen, channelsLeftOut: 1, refused: ['rooms.get was refused.'] };
    expect(notes({ plan: { seen } })).toEqual([
      expect.stringMatching(/^1 public channel was left out/),
      'rooms.get was refused.',
    ]);
    const short = sampleOutcome({ completeness: { ...nothingRead, messages: 58, totalAtLastPage: 60 } });
    expect(notes({ outcomes: { streams: [short] } })).toEqual([expect.stringContaining('58 messages were read')]);
  });

  it('count earlier versions of messages', () =>
    expect(
      notes({
        outcomes: { streams: [1, 2].map((versions) => sampleOutcome({ completeness: { ...nothingRead, versions } })) },
      }),
    ).toEqual([
      'The server also sent 3 earlier versions of edited messages; they are in the table message_versions, if the job makes it, and in no other.',
    ]));
});
