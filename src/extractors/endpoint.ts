import type { RawMessage } from '../rocketchat/message.ts';
import type { Query } from '../rocketchat/rocketchat.ts';
import type { RoomType } from '../rocketchat/room.ts';
import type { MessageFilters } from '../stream.ts';

/** An endpoint that pages through messages of one room, by `roomId`, `count`, `offset` and `sort`. */
export interface Endpoint {
  readonly name: string;
  /** Rooms it can read; for any other it answers as if there were none. */
  readonly roomTypes: readonly RoomType[];
  /** Query parameters for the filters. */
  filterQuery(filters: MessageFilters): Query;
  /**
   * Whether a message passes the filters. Servers that do not know a filter ignore it silently (before 7.0 they do), so
   * every answer is checked again.
   */
  accepts(message: RawMessage, filters: MessageFilters): boolean;
}
