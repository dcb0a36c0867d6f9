/** Half surrogate pairs are what no UTF-8 format can hold. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

/**
 * A value in the shape all readers' answers are brought to: timestamps as milliseconds, integers as numbers, text
 * without lone surrogates.
 */
export function expectedValue(value: unknown): unknown {
  if (typeof value === 'string') return wellFormed(value);
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return value.map(expectedValue);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [wellFormed(key), expectedValue(part)]));
  }
  return value;
}
