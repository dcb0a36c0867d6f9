import { expect, it } from '@jest/globals';
import type { ScheduledJob } from '../../src/schedule/scheduled-job.ts';
import { WaitingJobs } from '../../src/schedule/waiting-jobs.ts';

function jobOf(name: string): ScheduledJob {
  return {
    ...{ name, archive: `/archives/${name}`, server: name.slice(0, 1), schedule: '* * * * *', timezone: 'UTC' },
    run: () => Promise.resolve({ exitCode: 0, published: null }),
  };
}

/** Names in the order of their turns; each first letter is a server. Of as many at once the one that began first ends first. */
function turnsOf(names: readonly string[], atOnce: number): readonly string[] {
  const waiting = new WaitingJobs();
  for (const name of names) waiting.add(jobOf(name));
  const running: ScheduledJob[] = [];
  const turns: string[] = [];
  for (;;) {
    if (running.length === atOnce) running.shift();
    const next = waiting.take(running);
    if (next === undefined) return turns;
    running.push(next);
    turns.push(next.name);
  }
}

it('gives the one job of a server its turn behind one job of another, with one run at a time', () => {
  expect(turnsOf(['a1', 'a2', 'a3', 'b1'], 1)).toEqual(['a1', 'b1', 'a2', 'a3']);
});

it('gives each of more servers than places its turn', () => {
  expect(turnsOf(['a1', 'a2', 'a3', 'b1', 'b2', 'b3', 'c1'], 2)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'b3']);
});

it('serves jobs of one server in the order in which they came', () => {
  expect(turnsOf(['a3', 'a1', 'a2'], 2)).toEqual(['a3', 'a1', 'a2']);
});
