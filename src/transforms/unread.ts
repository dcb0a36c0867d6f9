import type { JsonObject, JsonValue } from '../model/json/json-value.ts';
import { isArray } from '../model/json/is-array.ts';
import { isRecord } from '../model/json/is-record.ts';
import { dateShape } from '../model/list/bson-order.ts';

/**
 * What no column takes of a value that columns are read from, in the shape of the value (`{meta: …}` of an element of
 * `urls`): undefined when they take all of it. For values that could be read; of others everything is kept.
 */
export type Unread = (value: JsonValue | undefined) => JsonValue | undefined;

export const allRead: Unread = () => undefined;

/** All but the named properties of a record. */
export function allBut(...names: readonly string[]): Unread {
  const read = new Set(names);
  return (value) => (isRecord(value) ? without(value, (name) => read.has(name)) : undefined);
}

/** The properties of a record that are not read; undefined when there are none. */
export function without(
  record: JsonObject,
  isRead: (name: string, value: JsonValue | undefined) => boolean,
): JsonObject | undefined {
  let entries: [string, JsonValue | undefined][] | undefined;
  for (const name of Object.keys(record)) {
    if (!isRead(name, record[name])) (entries ??= []).push([name, record[name]]);
  }
  // Not by assignment: a property named "__proto__" would vanish.
  return entries && Object.fromEntries(entries);
}

/** Of every element of a list, `{}` for those that are read whole, so that each stands in its place. */
export function ofEach(unread: Unread): Unread {
  return (value) => {
    if (!isArray(value)) return unread(value);
    return inPlace(value.map(unread));
  };
}

/** @returns undefined when nothing is left of any */
export function inPlace(parts: readonly (JsonValue | undefined)[]): readonly JsonValue[] | undefined {
  return parts.every((part) => part === undefined) ? undefined : parts.map((part) => part ?? {});
}

/** Of every value of a record, by its name. */
export function ofEachValue(unread: Unread): Unread {
  return (value) => {
    if (!isRecord(value)) return undefined;
    let entries: [string, JsonValue][] | undefined;
    for (const name of Object.keys(value)) {
      const part = unread(value[name]);
      if (part !== undefined) (entries ??= []).push([name, part]);
    }
    return entries && Object.fromEntries(entries);
  };
}

/** As REST writes dates; of any other form the column keeps the moment only, to the millisecond. */
export function unusualDate(value: JsonValue | undefined): JsonValue | undefined {
  return value === null || (typeof value === 'string' && dateShape.test(value)) ? undefined : value;
}
