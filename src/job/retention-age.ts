/** How long messages stay: `7y`, `90d`. */
export interface RetentionAge {
  readonly count: number;
  readonly unit: 'days' | 'years';
}

/** @param text as the schema of jobs has checked it */
export function parseRetentionAge(text: string): RetentionAge {
  return { count: Number.parseInt(text, 10), unit: text.endsWith('y') ? 'years' : 'days' };
}

/**
 * The time before which messages are too old, in epoch milliseconds: a beginning of a day in UTC, so that it stays the same
 * for all runs of a day. Where the year has no such day, 29 February, it is the day before: nothing goes too early.
 */
export function retainedSinceMs({ count, unit }: RetentionAge, nowMs: number): number {
  const now = new Date(nowMs);
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  if (unit === 'days') return Date.UTC(year, month, day - count);
  const lastOfMonth = new Date(Date.UTC(year - count, month + 1, 0)).getUTCDate();
  return Date.UTC(year - count, month, Math.min(day, lastOfMonth));
}
