import { UsageError } from '../../../errors.ts';
import { parseTimestampMs } from '../../../job/schema/timestamp.ts';
import type { ZonedTime } from '../../../transcript/text/zoned-time.ts';

/** A period as it was asked for, in epoch milliseconds. @throws UsageError for what is no time, and for one that is empty */
export function periodOf(
  { since, until }: { readonly since: string | undefined; readonly until: string | undefined },
  zone: ZonedTime,
): { readonly sinceMs: number | undefined; readonly untilMs: number | undefined } {
  const [sinceMs, untilMs] = [momentOf('since', since, zone), momentOf('until', until, zone)];
  if (sinceMs !== undefined && untilMs !== undefined && sinceMs >= untilMs) {
    throw new UsageError(`Cannot use --since "${since}" with --until "${until}": no message is sent in between`);
  }
  return { sinceMs, untilMs };
}

/** A date is the midnight with which it begins in the zone. */
function momentOf(name: string, text: string | undefined, zone: ZonedTime): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseTimestampMs(text);
  if (ms === undefined) {
    throw new UsageError(`Cannot use --${name} "${text}", expected a date such as 2026-01-31 or a time with its zone`);
  }
  return text.length === '2026-01-31'.length ? zone.midnight(ms) : ms;
}
