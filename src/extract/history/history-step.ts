import type { Hole } from '../../model/stream.ts';
import { type RowsPage, type UnreadablePage } from '../walk/page.ts';

/** What is asked: the newest `count` rows at or before `latestMs`; null: the newest of all. */
export interface HistoryRequest {
  readonly latestMs: number | null;
  readonly count: number;
  /** Rows to pass over; absent: none. */
  readonly offset?: number;
}

/** Rows newest first, as groups.history returns them. */
export type FetchHistory<P extends RowsPage> = (request: HistoryRequest) => Promise<P | UnreadablePage>;

export type HistoryStep<P extends RowsPage> =
  { readonly kind: 'hole'; readonly hole: Hole } | (HistoryPageStep<P> & { readonly kind: 'page' });

export interface HistoryPageStep<P extends RowsPage> {
  readonly request: HistoryRequest;
  readonly page: P;
  /** Rows from (included) to (excluded) are taken, except those in `skip`. */
  readonly from: number;
  readonly to: number;
  readonly skip: readonly number[];
  /** Rows of the history above this page, by the walk's count. */
  readonly above: number;
  readonly edge: HistoryEdge;
}

/** Where a walk that is cut resumes downwards: everything newer has been taken. */
export interface HistoryEdge {
  readonly ms: number;
  /** Rows at or before it that have been taken all the same: beside a hole a millisecond is taken in parts. */
  readonly deliveredIds: readonly string[];
}
