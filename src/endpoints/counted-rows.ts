import { endpoints } from './endpoints.ts';
import type { EndpointName } from '../model/rocketchat.ts';
import type { Room } from '../model/room.ts';
import type { MessageFilters, Via } from '../model/stream.ts';

/** The room list's counter of messages, where the stream reads them all; null where it reads some, or there is none. */
export function countedRows({ endpoint, filters, room, via }: CountedStream): number | null {
  const isWhole = via === 'history' || (endpoints[endpoint].lists === 'messages' && Object.keys(filters).length === 0);
  return isWhole ? room.messageCount : null;
}

interface CountedStream {
  readonly endpoint: EndpointName;
  readonly room: Pick<Room, 'messageCount'>;
  readonly via: Via;
  readonly filters: MessageFilters;
}
