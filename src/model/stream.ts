/**
 * A stream is one endpoint over one room: the unit that is walked, journaled, resumed and reported. Its types stand
 * here because the walk makes them, the journal keeps them and the archive's state carries them to the next run.
 */

/**
 * How far a stream has been read. Every surviving message up to the watermark has been taken: all with `ts` ≤ `tsMs`
 * or, when `id` is set, all whose (`ts`, `_id`) ≤ (`tsMs`, `id`), which is how a burst inside one millisecond is walked.
 */
export interface Watermark {
  readonly tsMs: number;
  readonly id: string | null;
  /** Set while the walk is among rows whose `ts` is no date: these come first, and the place is this, whatever `tsMs`. */
  readonly undated?: UndatedKey;
}

/** A `ts` that is no date, as the server sorts it: null and missing before numbers, texts, objects and booleans. */
export interface UndatedKey {
  readonly type: 'null' | 'number' | 'text' | 'object' | 'boolean';
  readonly value: unknown;
}

/** How long a message may take to become visible behind newer ones: clocks of several servers, slow inserts. */
export const allowedLatenessMs = 60_000;

/** Where a later walk of the stream resumes. */
export interface Cursor {
  /** null: from the beginning. */
  readonly watermark: Watermark | null;
  /** Where in the server's list the watermark's row was last seen: a hint that saves requests, never trusted. */
  readonly offset: number;
  /**
   * Ids of messages already taken that lie after the watermark. A finished walk steps its watermark back, `allowedLatenessMs` at most, and
   * names what it took since: a message may become visible late, behind newer ones (the server sets `ts` before it
   * inserts, and several servers' clocks differ), and the next run must neither miss it nor take the others again.
   */
  readonly deliveredIds: readonly string[];
}

export const fromTheBeginning: Cursor = { watermark: null, offset: 0, deliveredIds: [] };

/** A stretch of a list of which all messages have been taken: from a time on, and up to its cursor's watermark. */
export interface Span {
  /** Epoch milliseconds; null: from the beginning of the list, before all dates. */
  readonly sinceMs: number | null;
  readonly cursor: Cursor;
}

/** Messages of a list that could not be read, and where they stand. */
export interface Hole {
  /** `http-400`, `http-500`…: no page that holds them can be read; `bad-message`: the answer is read, the message is not. */
  readonly reason: string;
  readonly message: string;
  /**
   * Where in the list, ordered by `ts` and `_id`, the first of them was met: a hint, for the list moves, and a history,
   * which is read from its newest row, goes by the room list's count.
   */
  readonly offset: number;
  readonly rows: number;
  /** The last row before them, and the first after them; null: there is none. */
  readonly after: Watermark | null;
  readonly before: Watermark | null;
  /** Of a message that was read; null where it is not known. */
  readonly id: string | null;
  /** When that message changed last, in epoch milliseconds of the server's clock; absent where it is not known. */
  readonly changedMs?: number;
}

/** First or last message of a stretch, for the manifest. */
export interface MessageMark {
  readonly id: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly ts: string;
}

/** What one run saw of a stream: the evidence that nothing was skipped. */
export interface Completeness {
  /** Pages accepted. */
  readonly pages: number;
  /** Messages taken, filters not yet applied. */
  readonly messages: number;
  /** Edit-history clones (`_hidden`) met on the way. */
  readonly versions: number;
  readonly first: MessageMark | null;
  readonly last: MessageMark | null;
  /** The server's `total` beside the first and the last page; null when no page came. */
  readonly totalAtFirstPage: number | null;
  readonly totalAtLastPage: number | null;
  /** Pages whose first row was checked to lie at or before the watermark. */
  readonly overlapsVerified: number;
  /** Pages that failed the check, because the list had shifted, and were asked again. */
  readonly pagesRefetched: number;
  /** Pages that are the whole list by three equal counts: theirs, the server's `total`, the room list's; absent: none. */
  readonly countedEnds?: number;
}

/**
 * How a stream is read. `messages`: by offset, oldest first, the whole truth of the room. `history`: by time, newest
 * first, for archived groups, which support nothing else, and for those to whom larger pages are worth what it cannot see.
 */
export type Via = 'messages' | 'history';

/**
 * What a request asked of a list; the walks' own words are in extract/walk/page.ts, extract/history/history-step.ts and
 * extract/changes/change-request.ts.
 */
export type AskedPage =
  | { readonly kind: 'offset'; readonly offset: number; readonly count: number; readonly order: 'ts' | 'ts-id' }
  | {
      readonly kind: 'latest';
      readonly latestMs: number | null;
      readonly count: number;
      /** Rows passed over, behind a place that cannot be read; absent: none. */
      readonly offset?: number;
    }
  | {
      readonly kind: 'changes';
      readonly list: ChangeList;
      readonly afterMs: number;
      /** Set when the list was read backwards, from there. */
      readonly beforeMs?: number;
      readonly count: number;
    };

/** Where changes are read. */
export const changesEndpoint = 'chat.syncMessages';

/** Why the changes of a room cannot be read, and what is read instead. */
export interface ChangesRefusal {
  /** Of the RoomError: `not-found`, `not-allowed`… */
  readonly reason: string;
  /** The room's own endpoint, once more, from a time on (exclusive, epoch milliseconds); null: nothing can be read instead. */
  readonly instead: { readonly endpoint: string; readonly sinceMs: number } | null;
}

/** Which changes of a room: those of its messages, its deletions, or (older servers) both in one answer. */
export type ChangeList = 'updated' | 'deleted' | 'both';

/** Filters of the endpoints that list whole rooms, as a job gives them; part of what makes two streams of one room different. */
export interface MessageFilters {
  readonly mentionIds?: readonly string[];
  readonly starredIds?: readonly string[];
  readonly pinned?: boolean;
}

/**
 * A page that passed the walk's check: what was asked, what came, which rows of the body count. With the body it is all
 * that the load half ever sees of the server, and all that a resumed walk needs.
 */
export interface PageRecord {
  readonly asked: AskedPage;
  /** Rows on the page. */
  readonly rows: number;
  /** The server's count of the whole list; null where it sends none. */
  readonly total: number | null;
  /** Rows from (included) to (excluded) count, except those in `skip`. */
  readonly from: number;
  readonly to: number;
  readonly skip: readonly number[];
  /** Of the rows that count: edit-history clones (`_hidden`). */
  readonly versions: number;
  /** First and last row that counts; null when all are in `skip`. */
  readonly first: MessageMark | null;
  readonly last: MessageMark | null;
  /** Pages thrown away before this one because they began too late. */
  readonly repaired: number;
  /** Set when the page is the whole list: it holds as many rows as `total` and the room list say. */
  readonly isCountedEnd?: true;
  /** Set when the page fills a hole that an earlier run left: the walk itself has not come any further by it. */
  readonly fills?: Pick<Hole, 'after' | 'before'>;
  /** Where the walk resumes after this page: upwards from the watermark or, via history, downwards. */
  readonly cursor: Cursor;
}
