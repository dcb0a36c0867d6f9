import type { ListRow } from '../../../src/model/list/list-order.ts';
import type { Cursor, Hole } from '../../../src/model/stream.ts';

/** The step of a walk that takes a page, by offset or by time. */
export interface TakingStep {
  readonly page: { readonly rows: readonly ListRow[] };
  readonly from: number;
  readonly to: number;
  readonly skip: readonly number[];
}

interface HoleStep {
  readonly kind: 'hole';
  readonly hole: Hole;
}

export interface Taken<Step> {
  readonly rows: readonly ListRow[];
  readonly holes: readonly Hole[];
  /** Where the next walk begins; undefined: this one was cut. */
  readonly cursor: Cursor | undefined;
  /** Behind which it was cut. */
  readonly last: Step | undefined;
}

export function takenRows({ page, from, to, skip }: TakingStep): readonly ListRow[] {
  return page.rows.filter((_, at) => at >= from && at < to && !skip.includes(at));
}

/** Walks to the end, or until `cutAfter` pages and one have been taken. */
export async function takeRows<Step extends TakingStep & { readonly kind: 'page' }>(
  steps: AsyncGenerator<Step | HoleStep, Cursor>,
  cutAfter = Number.POSITIVE_INFINITY,
): Promise<Taken<Step>> {
  const rows: ListRow[] = [];
  const holes: Hole[] = [];
  for (let left = cutAfter; ; left--) {
    const { value, done } = await steps.next();
    if (done === true) return { rows, holes, cursor: value, last: undefined };
    if (value.kind === 'hole') {
      holes.push(value.hole);
      continue;
    }
    rows.push(...takenRows(value));
    if (left === 0) return { rows, holes, cursor: undefined, last: value };
  }
}
