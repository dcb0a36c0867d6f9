import type { PageRecord, StreamProof } from '../stream.ts';

/** Adds up what the pages of a stream prove. It is made from the journal, so a run that was cut proves as much. */
export function proofOf(pages: readonly PageRecord[]): StreamProof {
  const sum = (value: (page: PageRecord) => number): number => pages.reduce((total, page) => total + value(page), 0);
  return {
    pages: pages.length,
    messages: sum(({ from, to, skip, versions }) => to - from - skip.length - versions),
    versions: sum(({ versions }) => versions),
    first: pages.find(({ first }) => first !== null)?.first ?? null,
    last: pages.findLast(({ last }) => last !== null)?.last ?? null,
    totalAtFirstPage: pages[0]?.total ?? null,
    totalAtLastPage: pages.at(-1)?.total ?? null,
    seamsChecked: pages.filter(({ asked }) => asked.offset > 0).length,
    seamsRepaired: sum(({ repaired }) => repaired),
  };
}
