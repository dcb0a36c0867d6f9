import { greedyPageSize } from '../extract/walk/walk.ts';

interface OffsetWalk {
  /** Rows from the walk's first offset on: the whole list or, when an earlier walk left a cursor, what is behind its offset. */
  readonly rows: number;
  /** Rows a page is asked for; undefined: as many as the server gives. */
  readonly pageSize: number | undefined;
  /** The most rows the server gives. */
  readonly cap: number;
  /** The longest page seen before: a shorter one can be the end of a list. */
  readonly longestPage: number;
  /** Whether they are the whole list, and as many as the room list counts. */
  readonly isCounted: boolean;
}

/**
 * Requests that `walk` makes on a list that holds still and has no two rows of one millisecond, and the longest page
 * after it. Each page overlaps the next by two rows; until a longer page has been seen, none is short enough to be the
 * last.
 */
export function offsetWalkRequests({
  rows,
  pageSize = greedyPageSize,
  cap,
  longestPage,
  isCounted,
}: OffsetWalk): Pick<OffsetWalk, 'longestPage'> & { readonly requests: number } {
  if (isCounted && rows > 0 && rows < pageSize && rows <= cap) {
    return { requests: 1, longestPage: Math.max(longestPage, rows) };
  }
  let longest = longestPage;
  let left = rows;
  for (let requests = 1; ; requests++) {
    const page = Math.min(left, pageSize, cap);
    const isShort = page < Math.min(pageSize, longest);
    longest = Math.max(longest, page);
    if (page === 0 || isShort) return { requests, longestPage: longest };
    // A page that verifies no overlap: asked for in the total order, then for one row more, and at last without a limit.
    if (page <= 2) return { requests: requests + 3, longestPage: longest };
    left -= page - 2;
    const alike = pagesAlike(left, page, page - 2);
    requests += alike;
    left -= alike * (page - 2);
  }
}

/** Whole pages that are as long as this one, and no end: a server may count more rows than anybody can step through. */
function pagesAlike(left: number, page: number, step: number): number {
  return Math.max(0, Math.floor((left - 2 * page) / step));
}

interface HistoryWalk {
  /** Rows that are newer than where an earlier walk has read to; all of them when there was none. */
  readonly rows: number;
  /** Whether an earlier walk read anything: its rows end this one. */
  readonly hasOlder: boolean;
  readonly pageSize: number;
}

/** The same for `walkHistory`: each page begins with the last row of the one before. */
export function historyWalkRequests({ rows, hasOlder, pageSize }: HistoryWalk): number {
  let requests = 1;
  let left = rows;
  const goesOn = (): boolean => (hasOlder ? left >= pageSize : left > (requests === 1 ? 0 : 1));
  while (goesOn()) {
    // The first of a single row is asked for twice: nothing older is left when the second answer is the same.
    left -= Math.max(requests === 1 && left === 1 ? 0 : 1, Math.min(left, pageSize) - 1);
    requests++;
    const step = Math.max(1, pageSize - 1);
    const alike = pagesAlike(left, pageSize, step);
    requests += alike;
    left -= alike * step;
  }
  return requests;
}
