const pattern = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

/**
 * Epoch milliseconds of an ISO 8601 date, which begins at midnight UTC, or of a time with its zone: without one it would
 * be another instant on another machine. Undefined for any other text, and for days no calendar has.
 */
export function parseTimestampMs(text: string): number | undefined {
  const ms = pattern.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) return undefined;
  // Date.parse reads the 30th of February as the 1st of March.
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10)) ? ms : undefined;
}
