import type { ExactNumber } from './exact-number.ts';

/** JSON as JSON.parse makes it, except for numbers that no double holds. */
export type JsonValue = string | number | ExactNumber | boolean | null | readonly JsonValue[] | JsonObject;

/** An object of JSON. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}
