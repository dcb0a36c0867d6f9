import { parseJsonText } from '../../../src/model/json/parse-json-text.ts';
import { parseMessage } from '../../../src/model/message.ts';
import type { FlatMessage } from '../../../src/model/flat-message.ts';
import { flatten } from '../../../src/transforms/flatten.ts';

export const context = { roomId: 'r1', roomName: 'ops', roomTitle: 'Operations', roomType: 'private', run: 3 };

/** A message with nothing but what every message has, and the given fields, as a page of the server would hold it. */
export function flattenRaw(fields: object): FlatMessage {
  const raw = { _id: 'm1', rid: 'r1', ts: '2024-02-29T12:00:00.123Z', ...fields };
  return flatten(parseMessage(parseJsonText(JSON.stringify(raw))), context);
}
