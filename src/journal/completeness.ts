import type { MessageMark, PageRecord, Completeness } from '../model/stream.ts';

/** Of a stream of which no page has been read. */
export const nothingRead: Completeness = {
  pages: 0,
  messages: 0,
  versions: 0,
  first: null,
  last: null,
  totalAtFirstPage: null,
  totalAtLastPage: null,
  overlapsVerified: 0,
  pagesRefetched: 0,
};

/**
 * What the pages of a stream prove, one page further. It is made of what the journal keeps, so a run that was cut proves
 * as much; and it keeps no page, of which a long room has a hundred thousand.
 */
export function withPage(completeness: Completeness, page: PageRecord): Completeness {
  const { asked, from, to, skip, versions, total, repaired } = page;
  const countedEnds = (completeness.countedEnds ?? 0) + Number(page.isCountedEnd === true);
  return {
    pages: completeness.pages + 1,
    messages: completeness.messages + to - from - skip.length - versions,
    versions: completeness.versions + versions,
    ...oldestAndNewest(completeness, page),
    totalAtFirstPage: completeness.pages === 0 ? total : completeness.totalAtFirstPage,
    totalAtLastPage: total,
    overlapsVerified: completeness.overlapsVerified + Number(isOverlap(asked)),
    pagesRefetched: completeness.pagesRefetched + repaired,
    ...(countedEnds > 0 && { countedEnds }),
  };
}

function isOverlap(asked: PageRecord['asked']): boolean {
  switch (asked.kind) {
    case 'offset':
      return asked.offset > 0;
    case 'latest':
      return asked.latestMs !== null;
    case 'changes':
      // By time, from before the last change that was taken: there is no place that could shift.
      return false;
  }
}

/** Pages of a list come oldest first, those of a history newest first. */
function oldestAndNewest(
  completeness: Completeness,
  { asked, first, last }: PageRecord,
): Pick<Completeness, 'first' | 'last'> {
  switch (asked.kind) {
    case 'offset':
    case 'changes':
      return { first: completeness.first ?? first, last: last ?? completeness.last };
    case 'latest':
      // What fills a hole of an earlier run comes first, and is older than most.
      return { first: oldest(completeness.first, last), last: newest(completeness.last, first) };
  }
}

/** ISO 8601 sorts by time. */
function oldest(a: MessageMark | null, b: MessageMark | null): MessageMark | null {
  return a === null || (b !== null && b.ts <= a.ts) ? (b ?? a) : a;
}

function newest(a: MessageMark | null, b: MessageMark | null): MessageMark | null {
  return a === null || (b !== null && b.ts > a.ts) ? (b ?? a) : a;
}
