import type { MessageMark, PageRecord, StreamProof } from '../model/stream.ts';

/** Of a stream of which no page has been read. */
export const noProof: StreamProof = {
  pages: 0,
  messages: 0,
  versions: 0,
  first: null,
  last: null,
  totalAtFirstPage: null,
  totalAtLastPage: null,
  seamsChecked: 0,
  seamsRepaired: 0,
};

/**
 * What the pages of a stream prove, one page further. It is made of what the journal keeps, so a run that was cut proves
 * as much; and it keeps no page, of which a long room has a hundred thousand.
 */
export function provenWith(proof: StreamProof, page: PageRecord): StreamProof {
  const { asked, from, to, skip, versions, total, repaired } = page;
  const countedEnds = (proof.countedEnds ?? 0) + Number(page.isCountedEnd === true);
  return {
    pages: proof.pages + 1,
    messages: proof.messages + to - from - skip.length - versions,
    versions: proof.versions + versions,
    ...oldestAndNewest(proof, page),
    totalAtFirstPage: proof.pages === 0 ? total : proof.totalAtFirstPage,
    totalAtLastPage: total,
    seamsChecked: proof.seamsChecked + Number(isSeam(asked)),
    seamsRepaired: proof.seamsRepaired + repaired,
    ...(countedEnds > 0 && { countedEnds }),
  };
}

function isSeam(asked: PageRecord['asked']): boolean {
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
function oldestAndNewest(proof: StreamProof, { asked, first, last }: PageRecord): Pick<StreamProof, 'first' | 'last'> {
  switch (asked.kind) {
    case 'offset':
    case 'changes':
      return { first: proof.first ?? first, last: last ?? proof.last };
    case 'latest':
      // What fills a hole of an earlier run comes first, and is older than most.
      return { first: oldest(proof.first, last), last: newest(proof.last, first) };
  }
}

/** ISO 8601 sorts by time. */
function oldest(a: MessageMark | null, b: MessageMark | null): MessageMark | null {
  return a === null || (b !== null && b.ts <= a.ts) ? (b ?? a) : a;
}

function newest(a: MessageMark | null, b: MessageMark | null): MessageMark | null {
  return a === null || (b !== null && b.ts > a.ts) ? (b ?? a) : a;
}
