import { z } from 'zod';
import type { Period } from '../../model/time/period.ts';
import { parseTimestampMs } from './timestamp.ts';

/** A time as `since` and `until` take it, in entries of `extract` as in steps. */
export const timestamp = z.string().check((context) => {
  if (parseTimestampMs(context.value) !== undefined) return;
  const message = 'expected a date (2024-01-31) or a time with its zone (2024-01-31T18:00:00Z)';
  context.issues.push({ code: 'custom', input: context.value, message });
});

export interface WrittenPeriod {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** Said of a `since` that no message can be of; `schemaProblems` writes the value of `until` behind it. */
export const emptyPeriodText = 'which is not before until';

/** What is wrong with such a `since`. A new one each time: zod writes the place of the entry into its path. */
export function emptyPeriod() {
  return { message: emptyPeriodText, path: ['since'], params: { than: 'until' } };
}

/** Whether no message can be of a period that is written like this. */
export function isEmptyPeriod({ since, until }: WrittenPeriod): boolean {
  if (since === undefined || until === undefined) return false;
  return (parseTimestampMs(since) ?? 0) >= (parseTimestampMs(until) ?? 0);
}

/** Of a checked job. */
export function toPeriod({ since, until }: WrittenPeriod): Period {
  return { sinceMs: timestampMs(since), untilMs: timestampMs(until) };
}

function timestampMs(text: string | undefined): number | null {
  return text === undefined ? null : (parseTimestampMs(text) ?? null);
}
