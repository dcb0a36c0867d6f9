import type { JsonValue } from '../model/json/json-value.ts';
import { isRecord } from '../model/json/is-record.ts';
import type { BadFields } from './field-readers.ts';
import { readRecords, readStrings } from './field-readers.ts';

/**
 * Ids of the users who starred a message. Servers store a list of `{_id}`; the official examples also show one bare
 * object, so both are read. groups.messages shows only the caller's own star ([] when only others starred the message),
 * chat.getMentionedMessages everybody's.
 */
export function readStarred(value: JsonValue | undefined, bad: BadFields): readonly string[] {
  const stars = isRecord(value) ? [value] : readRecords(value, 'starred', bad);
  return readStrings(stars, '_id', 'starred', bad);
}
