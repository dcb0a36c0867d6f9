import { describe, expect, it } from '@jest/globals';
import { jobFingerprint } from '../../src/job/fingerprint.ts';
import type { Job } from '../../src/job/job.ts';
import type { ChangesRefusal } from '../../src/model/stream.ts';
import type { GoneStream } from '../../src/plan/run-plan.ts';
import { runContents, type RunFacts } from '../../src/record/run-contents.ts';
import { schemaVersion } from '../../src/tables/tables.ts';
import { tool } from '../../src/version.ts';
import { sampleChanges } from '../support/plans/sample-changes.ts';
import { sampleLoad } from '../support/plans/sample-load.ts';
import { sampleChangesOutcome, sampleHole, sampleOutcome } from '../support/plans/sample-outcome.ts';
import { sampleRoom } from '../support/plans/sample-room.ts';
import { sampleRunPlan } from '../support/plans/sample-run-plan.ts';
import { listState, stateWith } from '../support/plans/sample-state.ts';
import { readTo, sampleStream } from '../support/plans/sample-stream.ts';

const job: Job = {
  name: 'nightly',
  server: { url: 'https://chat.example', login: { kind: 'token', userId: 'u1', authToken: 'secret' } },
  extract: [{ endpoint: 'groups.messages', rooms: ['*'] }],
  ...{ transform: { tables: ['messages'] }, sinks: [{ format: 'jsonl' }], output: '/archive', concurrency: 4 },
};
const room = { id: 'r1', name: 'ops', type: 'private' };

function contents(fields: Partial<RunFacts> = {}) {
  return runContents({
    ...{ job, state: stateWith(), runPlan: sampleRunPlan(), requests: {} },
    ...{ outcomes: { streams: [], changes: [] }, loaded: sampleLoad(), longestPage: { rows: 0 } },
    ...{ misplaced: [], shortcomings: [] },
    finishedAt: '2024-02-01T00:01:00.000Z',
    ...fields,
  });
}

const listsOf = (...streams: RunFacts['outcomes']['streams']) => contents({ outcomes: { streams, changes: [] } }).lists;
const changesOf = (outcome: Partial<RunFacts['outcomes']['changes'][number]>, fields: Partial<RunFacts> = {}) =>
  contents({ outcomes: { streams: [], changes: [sampleChangesOutcome(outcome)] }, ...fields }).changes[0];

describe('what the manifest says of a run', () => {
  it('is by what, of what, when, and for which job, without its secrets', () => {
    const runPlan = sampleRunPlan({ unchanged: ['one', 'two'] });
    const made = contents({ runPlan });
    expect(made).toMatchObject({
      ...{ tool, schemaVersion, server: runPlan.server, startedAt: runPlan.startedAt },
      ...{ finishedAt: '2024-02-01T00:01:00.000Z', unchanged: 2 },
      job: { name: 'nightly', sha256: jobFingerprint(job) },
    });
    expect(JSON.stringify(made)).not.toContain('secret');
  });

  it('names the first files that are not in their place, and counts all', () => {
    const misplaced = Array.from({ length: 30 }, (_, at) => ({ path: `messages/${at}`, problem: 'missing' as const }));
    const { coverage, notes } = contents({ misplaced });
    expect(coverage?.misplacedFiles).toEqual({ count: 30, first: misplaced.slice(0, 20) });
    expect(notes.join()).toContain('30 files of earlier runs are missing');
    expect(contents().coverage).not.toHaveProperty('misplacedFiles');
  });

  it('is what loading made, as it is', () => {
    const file = { path: 'a', table: 'messages', format: 'jsonl', rows: 1, sizeBytes: 2, sha256: '' };
    const loaded = sampleLoad({
      ...{ files: [file], tables: { messages: 1 }, badFields: { md: 3 } },
      steps: [{ step: 'bots', settings: {}, dropped: 4 }],
    });
    const { files, tables, badFields, steps } = contents({ loaded });
    expect({ files, tables, badFields, steps }).toEqual({
      ...{ files: loaded.files, tables: loaded.tables, badFields: loaded.badFields, steps: loaded.steps },
    });
  });

  it('is which columns the values of steps did not fit, if there are any', () => {
    const badColumns = { messages: { msg: 3 } };
    expect(contents({ loaded: sampleLoad({ badColumns }) }).badColumns).toEqual(badColumns);
    expect(contents()).not.toHaveProperty('badColumns');
  });

  it('is which files were saved, and how many that messages show were not', () => {
    const attachment = { path: '_attachments/a', sizeBytes: 1, sha256: '' };
    const coverage = { saved: 1, savedBytes: 1, notSaved: {}, named: [] };
    const files = { kind: 'saved', attachments: [attachment], coverage, shownNotSaved: 2 } as const;
    const made = contents({ files });
    expect(made.attachments).toEqual([attachment]);
    expect(made.coverage).toMatchObject({ filesNotDownloaded: 2, files: coverage });
    expect(contents({ files: { ...files, attachments: [] } })).not.toHaveProperty('attachments');
    const unlooked = contents({ files: { kind: 'unlooked', because: 'run 2 is damaged' } });
    for (const one of [unlooked, contents()]) {
      expect(one).not.toHaveProperty('attachments');
      expect(one.coverage).not.toHaveProperty('files');
    }
  });

  it('is what the holds of the job came too late for', () => {
    const late = [{ kind: 'room', name: 'ops', before: '2024-01-01T00:00:00.000Z' }] as const;
    expect(contents({ holds: { late, unlooked: null } }).notes.join()).toContain('Room "ops" is held by the job');
    expect(contents().notes.join()).not.toContain('is held by');
  });

  it('is how many requests were made, and for how many whole milliseconds they waited', () => {
    const counts = { requests: 3, retries: 1, rateLimited: 2, waitedMs: 12.6 };
    const { requests } = contents({ requests: { me: counts } });
    expect(requests).toEqual({ me: { ...counts, waitedMs: 13 } });
  });

  it('is what the disk lacks, behind what the run could not see', () => {
    const { notes } = contents({ shortcomings: ['no links'] });
    expect(notes.length).toBeGreaterThan(1);
    expect(notes.at(-1)).toBe('no links');
  });

  it('is the state that it began with, and the one behind it', () => {
    const state = stateWith();
    const made = contents({ state, longestPage: { rows: 77 } });
    expect(made.stateBefore).toBe(state);
    expect(made.state).toMatchObject({ run: 2, longestPage: 77 });
  });

  it('is how many rooms were left out', () => {
    const seen = { listed: 3, leftOut: [{ ...sampleRoom({ id: 'x' }), reason: 'no-entry' as const }] };
    const runPlan = sampleRunPlan({ seen: { ...sampleRunPlan().seen, ...seen } });
    expect(contents({ runPlan }).coverage?.rooms).toMatchObject({ seen: 3, leftOut: { 'no-entry': 1 } });
  });
});

describe('what the manifest says of a list', () => {
  it('is which, how many of its messages are rows, and the proof', () => {
    const stream = sampleStream({ filters: { pinned: true } });
    const outcome = sampleOutcome({ stream });
    const loaded = sampleLoad({ exported: { [stream.journal]: 5, other: 9 } });
    const { lists } = contents({ outcomes: { streams: [outcome], changes: [] }, loaded });
    expect(lists).toEqual([
      {
        ...{ endpoint: 'groups.messages', room, via: 'messages', filters: { pinned: true }, exported: 5 },
        ...{ completeness: outcome.completeness, gaps: [], holes: [] },
      },
    ]);
    expect(listsOf(outcome)[0]?.exported).toBe(0);
  });

  it('is what was read of it once more, too, for tables that are new', () => {
    const again = { ...sampleStream({ journal: 'again' }), tables: ['reactions'] };
    const rereads = [sampleOutcome({ stream: again })];
    const loaded = sampleLoad({ exported: { again: 6 } });
    const made = (of: Partial<RunFacts>) => contents({ outcomes: { streams: [], changes: [], rereads }, ...of }).lists;
    expect(made({ loaded })).toMatchObject([{ endpoint: 'groups.messages', room, exported: 6 }]);
    expect(made({})).toMatchObject([{ exported: 0 }]);
    expect(contents().lists).toEqual([]);
  });

  it('is the period of the job, if it has one', () => {
    const period = (sinceMs: number | null, untilMs: number | null) =>
      listsOf(sampleOutcome({ stream: sampleStream({ period: { sinceMs, untilMs } }) }))[0]?.period;
    expect(period(null, null)).toBeUndefined();
    expect(period(0, null)).toEqual({ since: '1970-01-01T00:00:00.000Z', until: null });
    expect(period(null, 1)).toEqual({ since: null, until: '1970-01-01T00:00:00.001Z' });
  });

  it('is why it could not be read to its end, and each place that could not be read', () => {
    const gap = { reason: 'http-500', message: 'no' };
    const hole = sampleHole({ reason: 'bad-message', message: 'odd', id: 'm' });
    const [list] = listsOf(sampleOutcome({ gap, holes: [hole] }));
    expect(list?.gaps).toEqual([gap, { reason: 'bad-message', message: 'odd' }]);
    expect(list?.holes).toEqual([hole]);
  });

  it('is, of a room that is gone, that it is: once', () => {
    const stream: GoneStream = { ...sampleStream(), reason: 'room-gone' };
    const runPlan = sampleRunPlan({ gone: [stream] });
    const lists = (gone: boolean) =>
      contents({ runPlan, state: stateWith({ lists: { [stream.key]: listState({ gone }) } }) }).lists;
    expect(lists(false)).toMatchObject([{ room, exported: 0, gaps: [{ reason: 'room-gone' }] }]);
    expect(lists(true)).toEqual([]);
  });
});

describe('what the manifest says of the changes of a room', () => {
  it('is since when they were asked for, and how many became rows', () => {
    const changes = sampleChanges({ cursor: readTo(1_000) });
    const loaded = sampleLoad({ exported: { [changes.journal]: 5 } });
    expect(changesOf({ changes }, { loaded })).toEqual({
      ...{ endpoint: 'chat.syncMessages', room, since: '1970-01-01T00:00:01.000Z', exported: 5 },
      ...{ completeness: sampleChangesOutcome().completeness, gaps: [] },
    });
    const anew = sampleChanges({ cursor: { watermark: null, offset: 0, deliveredIds: [] } });
    expect(changesOf({ changes: anew })).toMatchObject({ since: '1970-01-01T00:00:00.000Z', exported: 0 });
  });

  it('is what was read instead, where the server refuses them', () => {
    const endpoint = (instead: ChangesRefusal['instead']) =>
      changesOf({ refusal: { reason: 'not-allowed', instead } })?.endpoint;
    expect(endpoint({ endpoint: 'groups.messages', sinceMs: 0 })).toBe('groups.messages');
    expect(endpoint(null)).toBe('chat.syncMessages');
  });

  it('is each that could not be read; of a list that was read instead, with its place', () => {
    const hole = sampleHole({ message: 'no' });
    expect(changesOf({ holes: [hole] })?.gaps).toEqual([{ reason: 'http-500', message: 'no' }]);
    const [gap] = changesOf({ holes: [hole], refusal: { reason: 'not-allowed', instead: null } })?.gaps ?? [];
    expect(gap?.message).toBe('no; missing: message number 1 of the room, at its beginning, at its end');
  });

  it('is not what a list of the room reports already', () => {
    const hole = { reason: 'bad-message', id: 'm', changedMs: 7, after: { tsMs: 7, id: null } };
    const streams = [sampleOutcome({ holes: [sampleHole(hole)] })];
    const changes = [sampleChangesOutcome({ holes: [sampleHole(hole)] })];
    expect(contents({ outcomes: { streams, changes } }).changes[0]?.gaps).toEqual([]);
    expect(contents({ outcomes: { streams: [], changes } }).changes[0]?.gaps).toHaveLength(1);
  });

  it('is a gap where the archive is damaged, with which they were to be compared', () => {
    const loaded = sampleLoad({ unread: ['r1'], uncompared: { kind: 'gap', message: 'damaged' } });
    expect(changesOf({}, { loaded })?.gaps).toEqual([{ reason: 'archive-unreadable', message: 'damaged' }]);
  });
});
