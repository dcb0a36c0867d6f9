import { Cron } from 'croner';

/** Any fixed instant: whether an expression ever fires must not depend on the day it is checked. */
const reference = new Date('2000-01-01T00:00:00Z');

/**
 * What was expected instead of this cron expression (five fields, or a word such as @daily), undefined when it is one.
 * croner's own messages are left out: they quote pieces of the value.
 */
export function scheduleProblem(expression: string): string | undefined {
  const expected = 'expected a cron expression such as "15 2 * * *" (minute, hour, day of month, month, day of week)';
  // croner also takes a date, for a job that runs once.
  if (!expression.startsWith('@') && expression.trim().split(/\s+/).length !== 5) return expected;
  try {
    const cron = new Cron(expression, { paused: true, mode: '5-part', timezone: 'UTC' });
    return cron.nextRun(reference) === null ? `${expected} that fires at some time` : undefined;
  } catch {
    return expected;
  }
}
