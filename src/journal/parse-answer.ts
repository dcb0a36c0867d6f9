import { parseExactJson, isRecord } from '../model/exact-number.ts';

/** The body of a journaled page, which was a JSON object when it came. */
export function parseAnswer(body: Buffer): Readonly<Record<string, unknown>> {
  const value: unknown = parseExactJson(body.toString());
  return isRecord(value) ? value : {};
}
