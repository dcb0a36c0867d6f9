import { parseExactJson } from '../model/json/exact-json.ts';
import type { JsonObject } from '../model/json/json-value.ts';
import { isRecord } from '../model/json/is-record.ts';

/** The body of a journaled page, which was a JSON object when it came. */
export function parseAnswer(body: Buffer): JsonObject {
  const value = parseExactJson(body.toString());
  return isRecord(value) ? value : {};
}
