import { z } from 'zod';
import type { Period } from '../../model/period.ts';
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

/** Why no message can be of a period that is written like this; undefined: one can. */
export function periodProblem({ since, until }: WrittenPeriod): string | undefined {
  if (since === undefined || until === undefined) return undefined;
  const isPeriod = (parseTimestampMs(since) ?? 0) < (parseTimestampMs(until) ?? 0);
  return isPeriod ? undefined : 'keeps nothing, expected since before until';
}

/** Of a checked job. */
export function toPeriod({ since, until }: WrittenPeriod): Period {
  return { sinceMs: timestampMs(since), untilMs: timestampMs(until) };
}

function timestampMs(text: string | undefined): number | null {
  return text === undefined ? null : (parseTimestampMs(text) ?? null);
}
