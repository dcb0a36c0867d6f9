import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dayMs, hourMs } from '../../src/model/time/durations.ts';
import { InterruptedError } from '../../src/errors.ts';
import { runSchedule } from '../../src/schedule/run-schedule.ts';
import type { ScheduleEvent } from '../../src/schedule/schedule-event.ts';
import type { ScheduledJob } from '../../src/schedule/scheduled-job.ts';
import { virtualClock, type VirtualClock } from '../support/clocks/virtual-clock.ts';

const startMs = Date.UTC(2026, 0, 1);

let clock: VirtualClock;
let stop: AbortController;
let events: ScheduleEvent[];

beforeEach(() => {
  clock = virtualClock(startMs);
  stop = new AbortController();
  events = [];
});

afterEach(() => stop.abort(new InterruptedError('SIGTERM')));

/** A job that takes some time and ends with these codes, the last one for ever; like a run it ends on the signal. */
function jobOf(name: string, schedule: string, takesMs: number, codes: readonly number[] = [0]): ScheduledJob {
  let runs = 0;
  return {
    ...{ name, archive: `/archives/${name}`, server: `https://${name}.example`, schedule, timezone: 'UTC' },
    run: async () => {
      runs += 1;
      const exitCode = codes[Math.min(runs, codes.length) - 1] ?? 0;
      try {
        await clock.sleep(takesMs, stop.signal);
      } catch {
        return { exitCode: 143, published: null };
      }
      return { exitCode, published: null };
    },
  };
}

function begin(jobs: readonly ScheduledJob[], atOnce = 2): Promise<unknown> {
  const done = runSchedule(jobs, { atOnce, clock, signal: stop.signal, onEvent: (event) => events.push(event) });
  return done.catch((error: unknown) => error);
}

/** `started nightly 26.25`: hours since the start. */
function told(...kinds: readonly ScheduleEvent['kind'][]): readonly string[] {
  return events
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ kind, job, atMs }) => `${kind} ${job} ${(atMs - startMs) / hourMs}`);
}

describe('a schedule', () => {
  it('runs each job when it is due, for days', async () => {
    void begin([jobOf('nightly', '15 2 * * *', hourMs), jobOf('weekly', '0 6 * * 0', hourMs)]);
    await clock.passUntil(startMs + 10 * dayMs);
    // 2026-01-01 is a Thursday.
    expect(told('started', 'ended')).toEqual([
      ...['started nightly 2.25', 'ended nightly 3.25', 'started nightly 26.25', 'ended nightly 27.25'],
      ...['started nightly 50.25', 'ended nightly 51.25', 'started nightly 74.25', 'ended nightly 75.25'],
      ...['started weekly 78', 'ended weekly 79'],
      ...[4, 5, 6, 7, 8, 9].flatMap((day) => [
        `started nightly ${day * 24 + 2.25}`,
        `ended nightly ${day * 24 + 3.25}`,
      ]),
    ]);
    expect(told('planned')).toEqual(['planned nightly 0', 'planned weekly 0']);
  });

  it('skips a job that is still running, tells so, and runs it when it is due again', async () => {
    void begin([jobOf('slow', '0 * * * *', 2.5 * hourMs)]);
    await clock.passUntil(startMs + 7.75 * hourMs);
    expect(told('started', 'skipped', 'ended')).toEqual([
      ...['started slow 1', 'skipped slow 2', 'skipped slow 3', 'ended slow 3.5'],
      ...['started slow 4', 'skipped slow 5', 'skipped slow 6', 'ended slow 6.5', 'started slow 7'],
    ]);
    expect(events.find(({ kind }) => kind === 'skipped')).toMatchObject({ busyWith: 'slow' });
  });

  it('never runs two jobs of one archive at once, and those of different archives side by side', async () => {
    const rival = { ...jobOf('rival', '0 1 * * *', hourMs), archive: '/archives/first' };
    void begin([jobOf('first', '0 1 * * *', hourMs), rival, jobOf('other', '0 1 * * *', hourMs)]);
    await clock.passUntil(startMs + 3 * hourMs);
    expect(told('started', 'skipped', 'ended')).toEqual([
      ...['skipped rival 1', 'started first 1', 'started other 1', 'ended first 2', 'ended other 2'],
    ]);
    expect(events.find(({ kind }) => kind === 'skipped')).toMatchObject({ busyWith: 'first' });
  });

  it('goes on after a job that failed, with it and with the others', async () => {
    void begin([jobOf('failing', '0 * * * *', 60_000, [69, 0]), jobOf('good', '30 * * * *', 60_000)]);
    await clock.passUntil(startMs + 2.75 * hourMs);
    const codes = events.flatMap((event) => (event.kind === 'ended' ? [`${event.job} ${event.result.exitCode}`] : []));
    expect(codes).toEqual(['good 0', 'failing 69', 'good 0', 'failing 0', 'good 0']);
  });

  it('runs once what came due several times while the machine slept', async () => {
    void begin([jobOf('hourly', '0 * * * *', 60_000)]);
    await clock.passUntil(startMs + 1.5 * hourMs);
    await clock.leapTo(startMs + 9.5 * hourMs);
    await clock.passUntil(startMs + 10.5 * hourMs);
    expect(told('started')).toEqual(['started hourly 1', 'started hourly 9.5', 'started hourly 10']);
  });

  it('plans again when the clock was set back, as on a machine that boots in 2099', async () => {
    await clock.leapTo(Date.UTC(2099, 5, 1));
    void begin([jobOf('nightly', '15 2 * * *', hourMs)]);
    await clock.passUntil(Date.UTC(2099, 5, 1, 0, 0, 30));
    // What sleeps wakes by the time that passes, not by what the clock says.
    clock.setTo(startMs);
    await clock.passUntil(startMs + 2 * dayMs);
    expect(told('started')).toEqual(['started nightly 2.25', 'started nightly 26.25']);
    expect(events.filter(({ kind }) => kind === 'planned')).toHaveLength(2);
  });

  it('runs nothing twice when the clock is corrected by seconds', async () => {
    void begin([jobOf('hourly', '0 * * * *', 60_000)]);
    await clock.passUntil(startMs + hourMs + 10_000);
    clock.setTo(startMs + hourMs - 20_000);
    await clock.passUntil(startMs + 2.5 * hourMs);
    expect(told('started')).toEqual(['started hourly 1', 'started hourly 2']);
  });

  it('ends well, and at once, on a signal when nothing runs', async () => {
    const done = begin([jobOf('nightly', '15 2 * * *', hourMs)]);
    await clock.passUntil(startMs + hourMs);
    stop.abort(new InterruptedError('SIGINT'));
    expect(await done).toBeUndefined();
    expect(told('started')).toEqual([]);
  });

  it('waits on a signal until the run at work has ended, and starts no other', async () => {
    let endRun: () => void = () => undefined;
    const stubborn: ScheduledJob = {
      ...jobOf('stubborn', '0 1 * * *', 0),
      run: async () => {
        await new Promise<void>((resolve) => (endRun = resolve));
        return { exitCode: 143, published: null };
      },
    };
    let hasEnded = false;
    const done = begin([stubborn, jobOf('later', '30 1 * * *', 0)]);
    void done.then(() => (hasEnded = true));
    await clock.passUntil(startMs + 1.25 * hourMs);
    stop.abort(new InterruptedError('SIGTERM'));
    await clock.passUntil(startMs + 2 * hourMs);
    expect(hasEnded).toBe(false);
    endRun();
    expect(await done).toBeInstanceOf(InterruptedError);
    expect(told('started', 'ended')).toEqual(['started stubborn 1', 'ended stubborn 2']);
  });

  it('runs two of forty jobs at once, and each of them in the end', async () => {
    const jobs = Array.from({ length: 40 }, (_, at) => jobOf(`job-${at}`, '0 1 * * *', 60_000));
    void begin(jobs);
    let most = 0;
    for (let minute = 60; minute < 90; minute += 1) {
      await clock.passUntil(startMs + minute * 60_000 + 30_000);
      most = Math.max(most, told('started').length - told('ended').length);
    }
    expect(most).toBe(2);
    expect(told('ended')).toHaveLength(40);
    expect(told('skipped')).toEqual([]);
  });

  it('lets the one job of a server go before the many of another', async () => {
    const crowd = Array.from({ length: 4 }, (_, at) => ({
      ...jobOf(`crowd-${at}`, '0 1 * * *', hourMs),
      server: 'https://crowd.example',
    }));
    void begin([...crowd, jobOf('alone', '0 1 * * *', hourMs)]);
    await clock.passUntil(startMs + 4.5 * hourMs);
    expect(told('started')).toEqual([
      ...['started crowd-0 1', 'started alone 1', 'started crowd-1 2', 'started crowd-2 2', 'started crowd-3 3'],
    ]);
  });

  it('starts nothing that waits once the signal has come', async () => {
    const done = begin([jobOf('first', '0 1 * * *', hourMs), jobOf('second', '0 1 * * *', hourMs)], 1);
    await clock.passUntil(startMs + 1.5 * hourMs);
    stop.abort(new InterruptedError('SIGTERM'));
    expect(await done).toBeInstanceOf(InterruptedError);
    expect(told('waiting', 'started')).toEqual(['waiting first 1', 'waiting second 1', 'started first 1']);
  });

  it('skips a job that is due again before its turn has come', async () => {
    void begin([jobOf('long', '0 1 * * *', 2.4 * hourMs), jobOf('hourly', '30 * * * *', 60_000)], 1);
    await clock.passUntil(startMs + 4 * hourMs);
    expect(told('started', 'skipped')).toEqual([
      ...['started hourly 0.5', 'started long 1', 'skipped hourly 2.5', 'started hourly 3.4', 'started hourly 3.5'],
    ]);
    expect(events.find(({ kind }) => kind === 'skipped')).toMatchObject({ job: 'hourly', busyWith: 'hourly' });
  });
});
