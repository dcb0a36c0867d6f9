import { ExactNumber } from './exact-number.ts';

/** Whether a value is an object of keys, as JSON, YAML and flags give it; an exact number is none. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** Those of a list that are such objects; of what is no list none. */
export function recordsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
