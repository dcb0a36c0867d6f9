import type { wholeMessageTables } from '../model/table-name.ts';
import type { RawMessage } from '../model/message.ts';
import type { EndpointName } from './endpoint-name.ts';
import type { Query } from '../model/rocketchat.ts';
import type { Room, RoomType } from '../model/room.ts';
import type { MessageFilters, Via } from '../model/stream.ts';

/** An endpoint that pages through messages of one room, by `roomId`, `count`, `offset` and `sort`. */
export interface Endpoint {
  readonly name: EndpointName;
  /** Where its messages go: the messages of a room, or those that mention the user of the login. */
  readonly table: (typeof wholeMessageTables)[number];
  /** Rooms it can read; for any other it responds as if there were none. */
  readonly roomTypes: readonly RoomType[];
  /** Those rooms as people call them, many of them. */
  readonly roomsRead: string;
  /**
   * The endpoint that reads the same rooms by time, newest first, without filters and on pages of any size; null: there is
   * none that gains anything.
   */
  readonly history: string | null;
  /** Whether it refuses archived rooms, so that only their history can be read. */
  readonly refusesArchived: boolean;
  /** What its list lacks that one may look for in it, a sentence for the manifest; null: nothing. */
  readonly lacks: string | null;
  /** Query parameters for the filters. */
  filterQuery(filters: MessageFilters): Query;
  /** Whether its list is every message of a room. */
  isWhole(filters: MessageFilters): boolean;
  /**
   * Whether a message that it returned passes the filters. Servers that do not know a filter ignore it silently (before
   * 7.0 they do), so every answer is checked again.
   */
  accepts(message: RawMessage, filters: MessageFilters): boolean;
  /** Whether a message of the room is in its list, whichever endpoint returned it. @param username of the login */
  lists(message: RawMessage, filters: MessageFilters, username: string): boolean;
  /** Which endpoint a stream's requests go to: it has a rate budget of its own, and names the stream for people. */
  requested(via: Via): string;
  /** The room list's counter of messages, where a stream reads them all; null where it reads some, or there is none. */
  countedRows(stream: CountedStream): number | null;
}

interface CountedStream {
  readonly room: Pick<Room, 'messageCount'>;
  readonly via: Via;
  readonly filters: MessageFilters;
}
