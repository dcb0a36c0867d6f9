import { isRecord, parseMessage, type Message } from '../rocketchat/message.ts';
import type { PageRecord } from '../stream.ts';

/** The messages that count of a journaled page, in the order of the answer. */
export function pageMessages(body: Buffer, { from, to, skip }: PageRecord): readonly Message[] {
  const page: unknown = JSON.parse(body.toString());
  const rows: readonly unknown[] = isRecord(page) && Array.isArray(page['messages']) ? page['messages'] : [];
  const counted = rows.slice(from, to);
  return (skip.length === 0 ? counted : counted.filter((_, at) => !skip.includes(from + at))).map(parseMessage);
}
