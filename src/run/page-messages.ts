import { parseMessage, type Message } from '../rocketchat/message.ts';
import type { PageRecord } from '../stream.ts';
import { parseAnswer } from './parse-answer.ts';

/** The messages that count of a journaled page, in the order of the answer. */
export function pageMessages(body: Buffer, { from, to, skip }: PageRecord): readonly Message[] {
  const counted = messagesOf(body).slice(from, to);
  return (skip.length === 0 ? counted : counted.filter((_, at) => !skip.includes(from + at))).map(parseMessage);
}

/** Those and the ones between them that an earlier run took. */
export function knownMessages(body: Buffer, { from, to }: PageRecord): readonly Message[] {
  return messagesOf(body).slice(from, to).map(parseMessage);
}

function messagesOf(body: Buffer): readonly unknown[] {
  const { messages } = parseAnswer(body);
  return Array.isArray(messages) ? messages : [];
}
