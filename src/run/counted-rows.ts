import { endpoints } from '../extractors/endpoints.ts';
import type { PlannedStream } from './open-run.ts';

/** The room list's counter of messages, where the stream reads them all; null where it reads some, or there is none. */
export function countedRows({ endpoint, filters, room, via }: PlannedStream): number | null {
  const isWhole = via === 'history' || (endpoints[endpoint].lists === 'messages' && Object.keys(filters).length === 0);
  return isWhole ? room.messageCount : null;
}
