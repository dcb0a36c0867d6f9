import type { Hole, Watermark } from '../../model/stream.ts';
import { watermarkAt, type RowsPage } from '../walk/page.ts';
import { compareTs } from '../../model/list/list-order.ts';
import { walkHistory } from './walk-history.ts';
import { type FetchHistory, type HistoryPageStep } from './history-step.ts';

/** What became of a hole that an earlier run left. */
type RereadHistory<P extends RowsPage> =
  /** It, or a part of it, cannot be read yet. */
  | { readonly kind: 'hole'; readonly hole: Hole }
  /** A page shows the rest of it; holes that were reported before it excepted. */
  | { readonly kind: 'filled'; readonly hole: Hole; readonly step: HistoryPageStep<P> };

interface RereadHistoryOptions {
  /** How far earlier runs have read: the walk comes by holes above it. */
  readonly watermark: Watermark | null;
  /** The most rows a page is asked for. */
  readonly pageSize: number;
}

/** Rows around a hole: the one before it, the one behind it, and one older to see the end. */
const around = 3;

/**
 * Tries to read what earlier runs could not, each hole by itself, by a walk from the row above it to the one below. What
 * is left of a hole is reported before the page that fills the rest, so that a run that is cut in between forgets
 * neither. Where one of the two is gone, rows of its millisecond come that earlier runs took.
 */
export async function* rereadHistory<P extends RowsPage>(
  fetch: FetchHistory<P>,
  holes: readonly Hole[],
  { watermark, pageSize }: RereadHistoryOptions,
): AsyncGenerator<RereadHistory<P>, void> {
  for (const known of holes) {
    const { after, before } = known;
    if (before === null || watermark === null || (after !== null && compareTs(after, watermark) > 0)) continue;
    if (before.undated !== undefined || after?.undated !== undefined) {
      // The list of all messages left it; a history compares dates with dates only.
      yield { kind: 'hole', hole: known };
      continue;
    }
    const steps = walkHistory(fetch, {
      cursor: {
        watermark: after === null ? null : { tsMs: after.tsMs - 1, id: null },
        offset: 0,
        deliveredIds: [],
      },
      pageSize: Math.min(pageSize, known.rows + around),
      edge: { ms: Math.min(before.tsMs, watermark.tsMs), deliveredIds: [] },
      lastTaken: { id: before.id ?? '', tsMs: before.tsMs },
    });
    let left: Hole = known;
    let last: HistoryPageStep<P> | undefined;
    const unread = new Set<string>();
    for await (const step of steps) {
      if (step.kind === 'hole') {
        const hole = within(known, step.hole);
        // What stands above the row before the known one, in the same millisecond, is another.
        if (step.hole.after?.id === before.id) continue;
        unread.add(placeOf(hole));
        yield { kind: 'hole', hole };
        continue;
      }
      const between = rowsBetween(known, step);
      if (between.to - between.from > between.skip.length) {
        if (last !== undefined) {
          const rest = below(left, last);
          yield { kind: 'hole', hole: rest };
          yield { kind: 'filled', hole: left, step: last };
          left = rest;
        }
        last = between;
      }
      if (step.page.rows.slice(0, step.to).some(({ id }) => id === after?.id)) break;
    }
    // Where all that was left is unread, the page is none of it.
    if (last !== undefined && !unread.has(placeOf(left))) yield { kind: 'filled', hole: left, step: last };
  }
}

function placeOf({ after, before }: Hole): string {
  return JSON.stringify([after, before]);
}

/** Without what stands above the row before the hole, or below the one behind it, in the same millisecond. */
function rowsBetween<P extends RowsPage>({ after, before }: Hole, step: HistoryPageStep<P>): HistoryPageStep<P> {
  const { rows } = step.page;
  const aboveAt = rows.findIndex(({ id }) => id === before?.id);
  const belowAt = rows.findIndex(({ id }) => id === after?.id);
  const from = Math.max(step.from, aboveAt + 1);
  const to = Math.max(from, belowAt === -1 ? step.to : Math.min(step.to, belowAt));
  return { ...step, from, to, skip: step.skip.filter((at) => at >= from && at < to) };
}

/** The row before or behind the hole may be gone by now: it is still the same place. */
function within({ offset, after, before }: Hole, hole: Hole): Hole {
  const isBelow = after !== null && (hole.after === null || compareTs(hole.after, after) < 0);
  return { ...hole, offset, after: isBelow ? after : hole.after, before: hole.before ?? before };
}

/** What a hole may hold below a page. */
function below<P extends RowsPage>(hole: Hole, { page, to }: HistoryPageStep<P>): Hole {
  const row = page.rows[to - 1];
  return row === undefined ? hole : { ...hole, before: watermarkAt(row, row.id) };
}
