import type { LongestPage } from '../model/list/longest-page.ts';
import { endpoints } from '../endpoints/endpoints.ts';
import { historyPageSize } from '../extract/history/read-history.ts';
import { resumedCursor } from '../extract/resumed-walk.ts';
import { historyWalkRequests, offsetWalkRequests } from './walk-requests.ts';
import type { JournalContents } from '../journal/journal-contents.ts';
import { allowedLatenessMs, type Cursor } from '../model/stream.ts';
import { isReadUpTo } from '../model/time/period.ts';
import type { ListLength } from './list-length.ts';
import { isNarrowed } from './period-share.ts';
import type { PlannedStream, RunStream } from '../plan/run-plan.ts';

/** What a run is expected to do for one stream. */
export interface StreamEstimate {
  readonly stream: RunStream;
  /** Messages that are left to read; null when nobody knows. */
  readonly messages: number | null;
  readonly requests: number | null;
  readonly basis: EstimateBasis;
}

/**
 * Who says how long a list is: the room list (near, not exact), the list itself, other lists of the endpoint; the server
 * refuses it, nobody knows, or an earlier attempt of this run read it to its end.
 */
export type EstimateBasis = 'counted' | 'reported' | 'extrapolated' | 'refused' | 'unknown' | 'finished';

interface EstimateOptions {
  readonly streams: readonly RunStream[];
  readonly lengthOf: (stream: PlannedStream) => ListLength;
  /** Of a list of which a period is read: which share that is; undefined: nobody knows. */
  readonly shareOf?: (stream: PlannedStream) => number | undefined;
  /** Messages of a stream that earlier runs exported. */
  readonly exportedBefore: (stream: PlannedStream) => number;
  /** What a cut attempt of this run has read already, by journal; undefined: it is a new run. */
  readonly journals?: ReadonlyMap<string, JournalContents>;
  readonly longestPage: LongestPage;
  /** The most rows the server gives in one page. */
  readonly pageCap: number;
}

/** Rows that the server gives in one page unless an admin has changed API_Upper_Count_Limit. */
const usualPageCap = 100;

/**
 * What earlier runs learned of the server's page cap: the longest page, when a list is longer than it or it is no
 * shorter than usual; else it may only have been the longest list.
 *
 * @param cursors of all streams that earlier runs have read
 */
export function knownPageCap({ rows }: LongestPage, cursors: readonly Cursor[]): number | undefined {
  const isCap = rows >= usualPageCap || cursors.some((cursor) => knownRows(cursor) > rows);
  return rows > 0 && isCap ? rows : undefined;
}

/** To be shown as an assumption. */
export function assumedPageCap({ rows }: LongestPage): number {
  return Math.max(usualPageCap, rows);
}

/**
 * Messages and requests of a run, stream by stream, in the order they are read. A list that moves, ties and retries cost
 * more; nothing costs less.
 */
export function estimateRun({
  streams,
  lengthOf,
  shareOf = () => undefined,
  exportedBefore,
  journals,
  longestPage,
  pageCap,
}: EstimateOptions): readonly StreamEstimate[] {
  let longest = longestPage.rows;
  return streams.map((stream) => {
    const length = lengthOf(stream);
    const journal = journals?.get(stream.journal);
    if (journal !== undefined && journal.closing !== null) {
      return { stream, messages: 0, requests: 0, basis: 'finished' };
    }
    if (length.kind === 'refused') return { stream, messages: 0, requests: 1, basis: length.kind };
    if (length.kind === 'unknown') return { stream, messages: null, requests: null, basis: length.kind };

    if (isNarrowed(stream)) return narrowedEstimate(stream, length, shareOf(stream), pageCap);

    const taken = (journal?.pages ?? []).reduce((sum, { from, to, skip }) => sum + to - from - skip.length, 0);
    const pageSize = stream.pageSize ?? undefined;
    if (stream.via === 'history') {
      const messages = Math.max(0, newInHistory(stream, length.rows, exportedBefore(stream)) - taken);
      const hasOlder = stream.cursor.watermark !== null;
      const rows = messages + (taken > 0 ? 0 : stream.cursor.deliveredIds.length);
      const requests = historyWalkRequests({ rows, hasOlder, pageSize: pageSize ?? historyPageSize });
      return { stream, messages, requests, basis: length.kind };
    }
    const listRows = endpoints[stream.endpoint].countedRows(stream);
    const { offset: start } = resumedCursor(journal ?? { cursor: null }, {
      cursor: stream.cursor,
      pageSize: stream.pageSize,
      longestPage: { rows: longest },
      listRows,
    });
    const rows = Math.max(0, length.rows - start);
    const isCounted = start === 0 && journal === undefined && rows === listRows;
    const walk = offsetWalkRequests({ rows, pageSize, cap: pageCap, longestPage: longest, isCounted });
    longest = walk.longestPage;
    const messages = Math.max(0, length.rows - knownRows(stream.cursor) - taken);
    return { stream, messages, requests: walk.requests, basis: length.kind };
  });
}

/** The way to the period, and its own pages. */
function narrowedEstimate(
  stream: RunStream,
  length: Extract<ListLength, { readonly rows: number }>,
  share: number | undefined,
  pageCap: number,
): StreamEstimate {
  if (isReadUpTo(stream.cursor, stream.untilMs)) return { stream, messages: 0, requests: 0, basis: length.kind };
  if (share === undefined) return { stream, messages: null, requests: null, basis: 'unknown' };
  const messages = Math.round(length.rows * share);
  const pageRows = Math.min(stream.pageSize ?? (stream.via === 'history' ? historyPageSize : pageCap), length.rows + 2);
  const search = stream.isSought && stream.via === 'messages' ? Math.floor(Math.log2(length.rows / pageRows + 1)) : 0;
  const requests = search + Math.max(1, Math.ceil(messages / Math.max(1, pageRows - 2)));
  return { stream, messages, requests, basis: 'extrapolated' };
}

/** Rows that earlier runs took: a cursor points at the last one that is settled, and names those behind it. */
export function knownRows({ watermark, offset, deliveredIds }: Cursor): number {
  return watermark === null ? 0 : offset + 1 + deliveredIds.length;
}

/**
 * A walk by time leaves no offset. What is new is what earlier runs did not export, unless the room list knows of nothing
 * newer: filters and steps leave out messages that were read all the same.
 */
function newInHistory({ cursor, room }: PlannedStream, rows: number, exported: number): number {
  if (cursor.watermark === null) return rows;
  const newestMs = cursor.watermark.tsMs + allowedLatenessMs;
  return room.lastMessageAtMs !== null && room.lastMessageAtMs <= newestMs ? 0 : Math.max(0, rows - exported);
}
