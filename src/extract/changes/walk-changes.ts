import type { ChangeRequest, ChangeStep } from './change-request.ts';
import { RoomError } from '../../errors.ts';
import { changeKey, unreadableKey, type ChangePage } from '../../model/changes.ts';
import type { ChangeList } from '../../model/stream.ts';
import { isNew, takeNew } from './take-new.ts';
import { isOfRows, walkAround } from './walk-around.ts';

interface ChangeWalkOptions {
  readonly sinceMs: number;
  /** Keys of changes after `sinceMs` that earlier runs took. */
  readonly taken: readonly string[];
  /** Whether the server pages its changes (7.1 and later) or reports them all at once. */
  readonly isPaged: boolean;
  /** Pages that a walk took before it was cut. */
  readonly journaled?: readonly { readonly request: ChangeRequest; readonly page: ChangePage }[];
  /** Whether an error holds for both lists: then the other one is not asked for. */
  readonly endsBoth?: (error: RoomError) => boolean;
}

/** The server has no limit of its own here, memory has. */
export const changePageSize = 1_000;

/** A page of so few that is too large is so for one of them: MongoDB holds no document of more than 16 MB. */
const fewestChanges = 4;

/** Deletions of 80 bytes each. */
const deletionPageSize = 10_000;

/** Beyond it `lastUpdate` gets in one answer what no page holds: one bulk update may stamp any number of rows at once. */
const largestPage = 200_000;

/**
 * Walks the changes of a room: its deletions first, for a message that is changed and then deleted is to be seen changed
 * now and deleted next time, never the other way round; then its updates. A list that cannot be read does not keep the
 * other one from being read.
 *
 * Updates come in order of time. The server's border is exclusive and cuts between changes of one millisecond, so each
 * page begins a millisecond before the last change of the one before; what comes twice is known by its key. A message
 * that changes meanwhile moves to the end of the list, where the walk still comes by.
 *
 * Deletions do not: the server selects them by when they happened, sorts them by when the deleted messages were last
 * changed, and its cursor names a time of the first kind at a place of the second. Following it skips deletions, so all
 * of them are asked for in one page, which grows from the same cursor until it is the last.
 *
 * A stored message that the server stumbles over breaks every page of updates that holds it: see `walkAround`.
 * Source: apps/meteor/server/publications/messages.ts (mountCursorQuery, mountNextCursor)
 *
 * @yields pages with at least one change that was not taken before, or that cannot be read; also of what was taken before
 *   those that show a message alive which is among the new deletions: it was deleted, and came again
 * @throws RoomError (`wire`) for changes that were not asked for; what `fetch` throws. Thrown when both lists have been
 * tried, unless `endsBoth`
 */
export async function* walkChanges<P extends ChangePage>(
  fetch: (request: ChangeRequest) => Promise<P>,
  { sinceMs, taken, isPaged, journaled = [], endsBoth = () => false }: ChangeWalkOptions,
): AsyncGenerator<ChangeStep<P>, void> {
  const known = new Set(taken);
  for (const { page } of journaled) {
    for (const change of page.changes) known.add(changeKey(change));
    for (const one of page.unreadable) known.add(unreadableKey(one));
  }
  const gone = new Set<string>();
  for (const { page } of journaled) for (const id of deletedIn(page)) gone.add(id);
  const failures: RoomError[] = [];
  let pageSize = changePageSize;
  let isWhole = journaled.some(({ request }) => isAllSince(request, sinceMs));
  const lists: readonly ChangeList[] = isPaged ? ['deleted', 'updated'] : ['both'];
  for (const list of lists) {
    try {
      let request = isWhole ? null : requestBehind(journaled, list, sinceMs);
      while (request !== null) {
        let page: P;
        try {
          page = await fetch(request);
        } catch (error) {
          if (request.list !== 'updated' || !isOfRows(error)) throw error;
          if (error.reason === 'too-large' && request.count <= pageSize && pageSize > fewestChanges) {
            // As large as this one the next page would be, too.
            pageSize = request.count >> 1;
            request = { ...request, count: pageSize };
            continue;
          }
          const count = error.reason === 'too-large' ? pageSize : request.count;
          yield* walkAround(fetch, { ...request, count }, error, known);
          break;
        }
        assertAskedFor(request, page);
        const next = requestAfter(request, page, pageSize);
        // Of deletions only the last page counts: it holds those before it.
        if (list !== 'deleted' || next === null) {
          const skip = takeNew(page, known);
          const unreadable = page.unreadable.filter((one) => isNew(unreadableKey(one), known));
          for (const id of deletedIn(page, skip)) gone.add(id);
          const isNews = skip.length < page.changes.length || unreadable.length > 0;
          if (isNews || page.changes.some(({ kind, id }) => kind === 'updated' && gone.has(id))) {
            yield { request, page, skip, unreadable };
          }
        }
        isWhole ||= isAllSince(request, sinceMs);
        request = next;
      }
    } catch (error) {
      if (!(error instanceof RoomError) || endsBoth(error)) throw error;
      failures.push(error);
    }
  }
  if (failures[0] !== undefined && !isWhole) throw failures[0];
}

function deletedIn({ changes }: ChangePage, skip: readonly number[] = []): readonly string[] {
  const known = new Set(skip);
  return changes.flatMap(({ kind, id }, index) => (kind === 'deleted' && !known.has(index) ? [id] : []));
}

/** Whether the answer to it holds both lists from the beginning on. */
function isAllSince({ list, afterMs }: ChangeRequest, sinceMs: number): boolean {
  return list === 'both' && afterMs <= sinceMs;
}

/** What to ask of a list behind what was taken of it; null: nothing. */
function requestBehind(
  journaled: NonNullable<ChangeWalkOptions['journaled']>,
  list: ChangeList,
  sinceMs: number,
): ChangeRequest | null {
  const first = { list, afterMs: sinceMs, count: list === 'deleted' ? deletionPageSize : changePageSize };
  if (list === 'deleted') {
    const isRead = journaled.some(
      ({ request, page }) => request.list === list && request.afterMs <= sinceMs && !page.hasMore,
    );
    return isRead ? null : first;
  }
  const last = journaled.findLast(({ request }) => request.list !== 'deleted' && request.beforeMs === undefined);
  return last === undefined ? first : requestAfter(last.request, last.page, changePageSize);
}

/** null: the list is at its end. */
function requestAfter(
  { list, afterMs, count }: ChangeRequest,
  page: ChangePage,
  pageSize: number,
): ChangeRequest | null {
  const lastMs = Math.max(page.changes.at(-1)?.atMs ?? 0, page.unreadable.at(-1)?.atMs ?? 0);
  if (!page.hasMore || list === 'both' || lastMs === 0) return null;
  if (list === 'updated' && lastMs - 1 > afterMs) return { list, afterMs: lastMs - 1, count: pageSize };
  return { list: count > largestPage ? 'both' : list, afterMs, count: count * 2 };
}

function assertAskedFor({ list, afterMs }: ChangeRequest, { changes }: ChangePage): void {
  let previousMs = afterMs;
  for (const { kind, id, atMs } of changes) {
    const isAskedFor = atMs > afterMs && (list === 'both' || kind === list);
    if (!isAskedFor || (list === 'updated' && atMs < previousMs)) {
      throw new RoomError('wire', `Cannot walk the changes: that of message "${id}" is out of order`, {
        hint: 'A proxy or a modified server ignores the parameters of chat.syncMessages',
      });
    }
    previousMs = atMs;
  }
}
