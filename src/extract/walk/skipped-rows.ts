import type { ListRow } from '../../model/list/list-order.ts';

/** Indices among the page's rows of those not to take; forgets the ids it has passed. */
export function skipped(taken: readonly ListRow[], from: number, takenBefore: Set<string>): number[] {
  const seen = new Set<string>();
  const skip: number[] = [];
  taken.forEach(({ id }, index) => {
    // An index scan may meet a row twice when an edit moves it among its ties.
    if (id !== '' && (seen.has(id) || takenBefore.has(id))) skip.push(from + index);
    seen.add(id);
  });
  for (const id of seen) takenBefore.delete(id);
  return skip;
}
