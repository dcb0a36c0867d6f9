import { describe, expect, it } from '@jest/globals';
import { notificationOf, overdueNotification } from '../../../src/cli/notify/notification.ts';
import { failedResult, type RunResult } from '../../../src/cli/result/run-result.ts';

const at = '2026-01-01T02:15:00.000Z';
const job = { name: 'nightly', output: '/archive' };

function failed(exitCode: 69 | 77 | 130 | 143, hint?: string): RunResult {
  return failedResult(job, { kind: 'access', exitCode, message: 'Cannot log in', hint }, 1200);
}

function publishedWith(names: readonly string[]): RunResult {
  const first = names.slice(0, 20).map((name) => ({
    ...{ endpoint: 'groups.messages' as const, room: { id: name, name, type: 'private' as const } },
    ...{ reason: 'not-allowed', message: 'No' },
  }));
  return { ...failed(69), status: 'published', exitCode: 1, run: 7, error: null, gaps: { count: names.length, first } };
}

describe('a notification', () => {
  it('says of a failed run what failed and what to do', () => {
    const result = failed(77, 'Make a new token');
    expect(notificationOf(result, at)).toEqual({
      ...{ version: 1, event: 'failed', job: 'nightly', at, result },
      text: 'nightly: the run failed (exit code 77): Cannot log in. Make a new token',
    });
    expect(notificationOf(failed(69), at)?.text).toBe('nightly: the run failed (exit code 69): Cannot log in');
  });

  it('names three of the rooms with gaps, and counts the others', () => {
    expect(notificationOf(publishedWith(['ops']), at)).toMatchObject({
      event: 'gaps',
      text: 'nightly: run 7 is published with one gap: ops (not-allowed)',
    });
    const rooms = Array.from({ length: 1200 }, (_, room) => `r${room}`);
    expect(notificationOf(publishedWith(rooms), at)?.text).toBe(
      'nightly: run 7 is published with 1,200 gaps: r0 (not-allowed), r1 (not-allowed), r2 (not-allowed), 1,197 more',
    );
  });

  it.each([130, 143] as const)('is none for a run that a signal ended with %i', (code) => {
    expect(notificationOf(failed(code), at)).toBeNull();
  });

  it('is none for a run without gaps', () => {
    expect(notificationOf(publishedWith([]), at)).toBeNull();
  });

  it('says of a run that could not start what keeps it', () => {
    expect(overdueNotification('nightly', 'nightly', at)).toEqual({
      ...{ version: 1, event: 'overdue', job: 'nightly', at, result: null },
      text: 'nightly: was due and could not start: its last run has not ended yet',
    });
    expect(overdueNotification('nightly', 'nightly', at, true).text).toBe(
      'nightly: was due and could not start: it still waits for its turn from the last time',
    );
    expect(overdueNotification('nightly', 'weekly', at).text).toContain('"weekly" is not done with the same archive');
  });
});
