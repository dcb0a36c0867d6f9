import { RoomError } from '../errors.ts';
import { changeKey, type ChangePage } from '../rocketchat/changes.ts';
import type { ChangeList } from '../stream.ts';

/** Changes of `list` later than `afterMs`; of `both` all at once, whatever `count` says. */
export interface ChangeRequest {
  readonly list: ChangeList;
  readonly afterMs: number;
  readonly count: number;
}

export interface ChangeStep<P extends ChangePage> {
  readonly request: ChangeRequest;
  readonly page: P;
  /** Indices of changes that were taken before. */
  readonly skip: readonly number[];
}

export interface ChangeWalkOptions {
  readonly sinceMs: number;
  /** Keys of changes after `sinceMs` that earlier runs took. */
  readonly taken: readonly string[];
  /** Whether the server pages its changes (7.1 and later) or tells them all at once. */
  readonly isPaged: boolean;
  /** Pages that a walk took before it was cut. */
  readonly journaled?: readonly { readonly request: ChangeRequest; readonly page: ChangePage }[];
}

/** The server has no limit of its own here, memory has. */
export const changePageSize = 1_000;

/** A server that cannot give this many changes at once, all of one millisecond, cannot be walked by time. */
const largestPage = 200_000;

/**
 * Walks the changes of a room by the time they happened. The server's border is exclusive and cuts between changes of
 * one millisecond, so each page begins a millisecond before the last change of the one before; what comes twice is known
 * by its key. A message that changes meanwhile moves to the end of the list, where the walk still comes by.
 *
 * Deletions are asked for first: a message that is changed and then deleted is seen changed now and deleted next time,
 * never the other way round.
 *
 * @yields pages with at least one change that was not taken before
 * @throws RoomError (`wire`) when changes are out of order, (`moving`) for a burst beyond all bounds; what `fetch` throws
 */
export async function* walkChanges<P extends ChangePage>(
  fetch: (request: ChangeRequest) => Promise<P>,
  { sinceMs, taken, isPaged, journaled = [] }: ChangeWalkOptions,
): AsyncGenerator<ChangeStep<P>, void> {
  const known = new Set(taken);
  const lists: readonly ChangeList[] = isPaged ? ['deleted', 'updated'] : ['both'];
  for (const list of lists) {
    let request: ChangeRequest | null = { list, afterMs: sinceMs, count: changePageSize };
    for (const step of journaled) {
      if (step.request.list !== list) continue;
      for (const change of step.page.changes) known.add(changeKey(change));
      request = requestAfter(step.request, step.page);
    }
    while (request !== null) {
      const page = await fetch(request);
      assertInOrder(request, page);
      const skip = page.changes.flatMap((change, index) => {
        const key = changeKey(change);
        const isKnown = known.has(key);
        known.add(key);
        return isKnown ? [index] : [];
      });
      if (skip.length < page.changes.length) yield { request, page, skip };
      request = requestAfter(request, page);
    }
  }
}

/** null: the list is at its end. */
function requestAfter({ list, afterMs, count }: ChangeRequest, { changes, hasMore }: ChangePage): ChangeRequest | null {
  const last = changes.at(-1);
  if (!hasMore || last === undefined) return null;
  if (last.atMs - 1 > afterMs) return { list, afterMs: last.atMs - 1, count: changePageSize };
  if (count > largestPage) {
    throw new RoomError('moving', `Cannot walk the changes: more than ${largestPage} of them share one millisecond`);
  }
  return { list, afterMs, count: count * 2 };
}

function assertInOrder({ list, afterMs }: ChangeRequest, { changes }: ChangePage): void {
  let previousMs = afterMs;
  for (const { id, atMs } of changes) {
    if (atMs <= afterMs || (list !== 'both' && atMs < previousMs)) {
      throw new RoomError('wire', `Cannot walk the changes: that of message "${id}" is out of order`, {
        hint: 'A proxy or a modified server ignores the parameters of chat.syncMessages',
      });
    }
    previousMs = atMs;
  }
}
