import type { PageRecord, StreamProof } from '../stream.ts';

/** Adds up what the pages of a stream prove. It is made from the journal, so a run that was cut proves as much. */
export function proofOf(pages: readonly PageRecord[]): StreamProof {
  const sum = (value: (page: PageRecord) => number): number => pages.reduce((total, page) => total + value(page), 0);
  return {
    pages: pages.length,
    messages: sum(({ from, to, skip, versions }) => to - from - skip.length - versions),
    versions: sum(({ versions }) => versions),
    ...oldestAndNewest(pages),
    totalAtFirstPage: pages[0]?.total ?? null,
    totalAtLastPage: pages.at(-1)?.total ?? null,
    seamsChecked: pages.filter(({ asked }) => (asked.kind === 'offset' ? asked.offset > 0 : asked.latestMs !== null))
      .length,
    seamsRepaired: sum(({ repaired }) => repaired),
  };
}

function oldestAndNewest(pages: readonly PageRecord[]): Pick<StreamProof, 'first' | 'last'> {
  const marks = pages.flatMap(({ first, last }) => [first, last]).filter((mark) => mark !== null);
  const ends = { first: marks[0] ?? null, last: marks.at(-1) ?? null };
  return pages[0]?.asked.kind === 'latest' ? { first: ends.last, last: ends.first } : ends;
}
