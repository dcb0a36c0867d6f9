import type { JsonObject, JsonValue } from '../model/json/json-value.ts';
import { isArray } from '../model/json/is-array.ts';
import { isRecord } from '../model/json/is-record.ts';
import { parseDateMs } from '../model/message.ts';

/**
 * Names of the top-level fields in which a value of a wrong type was met, each once, in the order they were met. Every
 * reader below returns null (or nothing) for such a value and leaves the name here, so that the caller can keep the raw
 * value elsewhere. null and absent values are not wrong: servers leave out what does not apply.
 */
export type BadFields = string[];

/** The one empty list: most messages have no mentions, reactions, attachments or links. */
export const none: readonly never[] = Object.freeze([]);

export function markBad(field: string, bad: BadFields): void {
  if (!bad.includes(field)) bad.push(field);
}

/** `field` is the top-level field the value sits in, at whatever depth. */
export function readString(value: unknown, field: string, bad: BadFields): string | null {
  if (typeof value === 'string') return value;
  if (value !== undefined && value !== null) markBad(field, bad);
  return null;
}

/** Whole numbers that a double holds exactly. */
export function readInt(value: unknown, field: string, bad: BadFields): number | null {
  // Adding 0 turns -0 into 0: JSON can say "-0", no integer column can.
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value + 0;
  if (value !== undefined && value !== null) markBad(field, bad);
  return null;
}

export function readBoolean(value: unknown, field: string, bad: BadFields): boolean | null {
  if (typeof value === 'boolean') return value;
  if (value !== undefined && value !== null) markBad(field, bad);
  return null;
}

export function readDate(value: unknown, field: string, bad: BadFields): Date | null {
  if (value === undefined || value === null) return null;
  const ms = parseDateMs(value);
  if (ms !== undefined) return new Date(ms);
  markBad(field, bad);
  return null;
}

export function readRecord(value: JsonValue | undefined, field: string, bad: BadFields): JsonObject | null {
  if (isRecord(value)) return value;
  if (value !== undefined && value !== null) markBad(field, bad);
  return null;
}

export function readList(value: JsonValue | undefined, field: string, bad: BadFields): readonly JsonValue[] {
  if (isArray(value)) return value;
  if (value !== undefined && value !== null) markBad(field, bad);
  return none;
}

/** The records of a list. An element that is anything else (null too) is left out and the field counted bad. */
export function readRecords(value: JsonValue | undefined, field: string, bad: BadFields): readonly JsonObject[] {
  const list = readList(value, field, bad);
  if (list.length === 0) return none;
  const records = list.filter((element) => isRecord(element));
  if (records.length < list.length) markBad(field, bad);
  return records;
}

/** One string property of every record of a list. A record without it has nothing to show, so the field is bad. */
export function readStrings(
  records: readonly JsonObject[],
  property: string,
  field: string,
  bad: BadFields,
): readonly string[] {
  if (records.length === 0) return none;
  const strings: string[] = [];
  for (const record of records) {
    const string = record[property];
    if (typeof string === 'string') strings.push(string);
    else markBad(field, bad);
  }
  return strings;
}

/** The strings of a list; the field is bad when it holds anything else. */
export function readStringList(value: JsonValue | undefined, field: string, bad: BadFields): readonly string[] {
  const list = readList(value, field, bad);
  if (list.length === 0) return none;
  const strings = list.filter((element) => typeof element === 'string');
  if (strings.length < list.length) markBad(field, bad);
  return strings;
}
