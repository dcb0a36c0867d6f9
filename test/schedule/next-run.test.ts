import { describe, expect, it } from '@jest/globals';
import { nextRunMs, type Timetable } from '../../src/schedule/next-run.ts';

/** The first `count` runs after an instant. */
function runs(timetable: Timetable, after: string, count: number): readonly string[] {
  const found: string[] = [];
  let atMs: number | null = Date.parse(after);
  while (found.length < count && (atMs = nextRunMs(timetable, atMs)) !== null) {
    found.push(new Date(atMs).toISOString());
  }
  return found;
}

describe('the next run', () => {
  it('is strictly after the instant given', () => {
    const daily = { schedule: '15 2 * * *', timezone: 'UTC' };
    expect(runs(daily, '2026-11-23T02:14:59.999Z', 2)).toEqual([
      '2026-11-23T02:15:00.000Z',
      '2026-11-24T02:15:00.000Z',
    ]);
    expect(runs(daily, '2026-11-23T02:15:00.000Z', 1)).toEqual(['2026-11-24T02:15:00.000Z']);
  });

  it('follows the time zone', () => {
    const after = '2026-07-01T00:00:00Z';
    expect(runs({ schedule: '@daily', timezone: 'America/New_York' }, after, 1)).toEqual(['2026-07-01T04:00:00.000Z']);
    expect(runs({ schedule: '@daily', timezone: 'Asia/Kolkata' }, after, 1)).toEqual(['2026-07-01T18:30:00.000Z']);
  });

  it('comes once a day, whatever summer time does to that hour', () => {
    const berlin = { schedule: '15 2 * * *', timezone: 'Europe/Berlin' };
    expect(runs(berlin, '2026-03-28T12:00:00Z', 2)).toEqual(['2026-03-29T01:00:00.000Z', '2026-03-30T00:15:00.000Z']);
    expect(runs(berlin, '2026-10-24T12:00:00Z', 2)).toEqual(['2026-10-25T00:15:00.000Z', '2026-10-26T01:15:00.000Z']);
  });
});
