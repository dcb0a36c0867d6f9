/**
 * JSON with the keys of objects sorted, the same for equal values. assert's deepStrictEqual would tell lists of two
 * realms apart, and test runners (Jest) have one of their own.
 */
export function canonicalText(value: unknown): string {
  if (value === undefined) return 'undefined';
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'bigint') return `${part}n`;
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
