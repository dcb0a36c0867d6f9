import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../src/job/job.ts';
import { runRequest } from '../../src/record/run-request.ts';
import { sampleRunPlan } from '../support/plans/sample-run-plan.ts';

function requestOf(job: Partial<Job>) {
  const asked = { extract: [], transform: { tables: ['messages'] }, sinks: [], ...job } as const;
  return runRequest(asked, sampleRunPlan());
}

describe('what a manifest says was asked for', () => {
  it('names who asked, and the tables', () =>
    expect(requestOf({})).toEqual({
      host: 'here',
      user: 'archivist',
      roles: ['user'],
      extract: [],
      tables: ['messages'],
    }));

  it('says of an entry what it leaves open, too', () =>
    expect(requestOf({ extract: [{ rooms: ['ops'] }] }).extract).toEqual([
      { rooms: ['ops'], scope: 'joined', via: 'messages', filters: {} },
    ]));

  it('says what an entry has of its own', () => {
    const period = { sinceMs: Date.UTC(2024, 0, 1), untilMs: Date.UTC(2024, 1, 1) };
    const named = { endpoint: 'groups.messages', rooms: ['*'], scope: 'readable', via: 'history' } as const;
    expect(requestOf({ extract: [{ ...named, period, pinned: true }] }).extract).toEqual([
      {
        ...named,
        filters: { pinned: true },
        period: { since: '2024-01-01T00:00:00.000Z', until: '2024-02-01T00:00:00.000Z' },
      },
    ]);
  });

  it('says of CSV whether it is made for spreadsheets, which changes cells', () => {
    const sinks = [
      { format: 'csv', excelSafe: true },
      { format: 'csv', compression: 'gzip' },
      { format: 'jsonl' },
    ] as const;
    expect(requestOf({ sinks }).excelSafe).toEqual({ none: true, gzip: false });
  });

  it('names what is held, rooms and users, whichever the job leaves out', () => {
    expect(requestOf({ hold: { rooms: ['ops'] } }).hold).toEqual({ rooms: ['ops'], users: [] });
    expect(requestOf({ hold: { users: ['ada'] } }).hold).toEqual({ rooms: [], users: ['ada'] });
  });

  it('says how files and formatted texts are kept, where the job does', () => {
    const attachments = { maxBytes: 5 };
    const request = requestOf({ attachments, transform: { tables: ['messages'], md: 'json' } });
    expect(request).toMatchObject({ attachments, md: 'json' });
  });
});
