import { parseExactJson } from '../model/json/exact-number.ts';
import { isRecord } from '../model/json/is-record.ts';

/** The body of a journaled page, which was a JSON object when it came. */
export function parseAnswer(body: Buffer): Readonly<Record<string, unknown>> {
  const value: unknown = parseExactJson(body.toString());
  return isRecord(value) ? value : {};
}
