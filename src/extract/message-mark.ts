import type { Message } from '../model/message.ts';
import type { MessageMark } from '../model/stream.ts';

export function markOf(message: Message | undefined): MessageMark | null {
  return message === undefined ? null : { id: message.id, ts: new Date(message.tsMs).toISOString() };
}
