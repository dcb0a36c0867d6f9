import type { RawMessage } from '../model/message.ts';
import type { Query } from '../model/rocketchat.ts';
import type { RoomType } from '../model/room.ts';
import type { MessageFilters } from '../model/stream.ts';

/** An endpoint that pages through messages of one room, by `roomId`, `count`, `offset` and `sort`. */
export interface Endpoint {
  readonly name: string;
  /** Every message of a room, or those that mention the user of the login. */
  readonly lists: 'messages' | 'mentions';
  /** Rooms it can read; for any other it answers as if there were none. */
  readonly roomTypes: readonly RoomType[];
  /** Reads the same rooms by time, newest first; null: nothing does. */
  readonly history: HistoryEndpoint | null;
  /** Whether it refuses archived rooms, so that only their history can be read. */
  readonly refusesArchived: boolean;
  /** Query parameters for the filters. */
  filterQuery(filters: MessageFilters): Query;
  /**
   * Whether a message passes the filters. Servers that do not know a filter ignore it silently (before 7.0 they do), so
   * every answer is checked again.
   */
  accepts(message: RawMessage, filters: MessageFilters): boolean;
}

/** An endpoint that answers the rows of a room at or before a time, without filters. */
export interface HistoryEndpoint {
  readonly name: string;
  /** Whether API_Upper_Count_Limit holds for its pages, too. */
  readonly isCapped: boolean;
}
