import type { Message } from '../rocketchat/message.ts';
import type { MessageMark } from '../stream.ts';

export function markOf(message: Message | undefined): MessageMark | null {
  return message === undefined ? null : { id: message.id, ts: new Date(message.tsMs).toISOString() };
}
