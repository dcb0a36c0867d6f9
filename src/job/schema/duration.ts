import { dayMs, hourMs, minuteMs } from '../../model/time/durations.ts';

/** Days to seconds, largest first, each at most once: `90s`, `30m`, `1h30m`. */
export const durationPattern = /^(?=\d)(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?$/;

const unitsMs = [dayMs, hourMs, minuteMs, 1000] as const;

/** Milliseconds of a duration that matches `durationPattern`, undefined for any other text. */
export function parseDurationMs(text: string): number | undefined {
  const match = durationPattern.exec(text);
  if (match === null) return undefined;
  return unitsMs.reduce((totalMs, unitMs, index) => totalMs + Number(match[index + 1] ?? 0) * unitMs, 0);
}
