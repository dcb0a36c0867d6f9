import { z } from 'zod';
import { compareText } from '../model/text/compare-text.ts';
import { isRecord } from '../model/json/is-record.ts';

/**
 * A record whose keys the server chooses: ids of rooms, names of fields. Keys sorted, so that equal values give equal
 * bytes. `z.record` leaves out the key `__proto__` (zod 4.6), which therefore passes it under another name.
 */
export function sortedRecord<T extends z.ZodType>(value: T) {
  return z.preprocess(
    (input) => (isRecord(input) ? renameKeys(input, special, (key) => `~${key}`) : input),
    z.record(z.string(), value).overwrite((parsed) => sortedByKey(renameKeys(parsed, escaped, (key) => key.slice(1)))),
  );
}

/** `__proto__`, and what it is renamed to, so that no two keys become one. */
const special = /^~*__proto__$/;
const escaped = /^~+__proto__$/;

function renameKeys<V>(record: Readonly<Record<string, V>>, which: RegExp, rename: (key: string) => string) {
  if (!Object.keys(record).some((key) => which.test(key))) return record;
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [which.test(key) ? rename(key) : key, value]));
}

function sortedByKey<T>(record: Record<string, T>): Record<string, T> {
  // As a rule they are: this program has written them.
  if (isSorted(Object.keys(record))) return record;
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => compareText(a, b)));
}

function isSorted(keys: readonly string[]): boolean {
  return keys.every((key, at) => at === 0 || compareText(keys[at - 1] ?? '', key) < 0);
}
