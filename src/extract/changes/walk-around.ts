import { RoomError } from '../../errors.ts';
import type { ChangePage, UnreadableChange } from '../../model/changes.ts';
import { takeNew } from './take-new.ts';
import type { ChangeRequest, ChangeStep } from './change-request.ts';

type Fetch<P> = (request: ChangeRequest) => Promise<P>;

/** Later than anything has changed: the year 2286. */
const endMs = 9_999_999_999_999;

/**
 * The server stumbles over a stored message and answers 500, or 400 with the text of a TypeError
 * (RocketChat/Rocket.Chat issue 18983), or the rows are larger than an answer may be.
 */
const failuresOfRows: ReadonlySet<string> = new Set(['http-400', 'http-500', 'too-large']);

/** Whether a page fails for its rows. */
export function isOfRows(error: unknown): error is RoomError {
  return error instanceof RoomError && failuresOfRows.has(error.reason);
}

/**
 * Reads the updates around one that breaks every page it is on: as far as pages can be read forwards, then backwards
 * from the newest. What lies between is one stretch that cannot be read, and is reported with the last page.
 *
 * What changes meanwhile comes to the newest end, and the next run asks for it: it begins before this one did.
 *
 * @throws `failure` when no page can be read on either side; what `fetch` throws otherwise
 */
export async function* walkAround<P extends ChangePage>(
  fetch: Fetch<P>,
  request: ChangeRequest,
  failure: RoomError,
  known: Set<string>,
): AsyncGenerator<ChangeStep<P>, void> {
  const before = await longestPage(fetch, request);
  if (before !== null) yield stepOf(request, before, known, []);
  const brokenMs = before?.changes.at(-1)?.atMs ?? request.afterMs;
  let untilMs = endMs;
  let backwards: ChangeRequest = { ...request, beforeMs: endMs };
  for (;;) {
    const { page, isBroken } = await wholeOrLongest(fetch, backwards);
    if (page === null && before === null && untilMs === endMs) throw failure;
    const oldestMs = page?.changes.at(-1)?.atMs ?? 0;
    const isProgress = oldestMs > 0 && oldestMs < untilMs;
    if (isProgress) untilMs = oldestMs;
    const { reason, message: problem } = failure;
    const hole: UnreadableChange = { reason, id: '', atMs: brokenMs, untilMs, problem };
    const shown = page ?? before;
    if (shown !== null) yield stepOf(backwards, shown, known, isBroken ? [hole] : []);
    const rows = page === null ? 0 : page.changes.length + page.unreadable.length;
    if (isBroken || oldestMs < brokenMs || rows < backwards.count) return;
    // The border is exclusive, and cuts between changes of one millisecond.
    backwards = { ...backwards, beforeMs: untilMs + 1, count: isProgress ? request.count : backwards.count * 2 };
  }
}

async function wholeOrLongest<P extends ChangePage>(
  fetch: Fetch<P>,
  request: ChangeRequest,
): Promise<{ readonly page: P | null; readonly isBroken: boolean }> {
  try {
    return { page: await fetch(request), isBroken: false };
  } catch (error) {
    if (!isOfRows(error)) throw error;
    return { page: await longestPage(fetch, request), isBroken: true };
  }
}

/** The longest page from a place that can be read, by halving; null: not even one row. */
async function longestPage<P extends ChangePage>(fetch: Fetch<P>, request: ChangeRequest): Promise<P | null> {
  let longest: P | null = null;
  let [readable, broken] = [0, request.count];
  for (let count = 1; broken - readable > 1; count = (readable + broken) >> 1) {
    try {
      longest = await fetch({ ...request, count });
      readable = count;
    } catch (error) {
      if (!isOfRows(error)) throw error;
      broken = count;
    }
  }
  return longest;
}

function stepOf<P extends ChangePage>(
  request: ChangeRequest,
  page: P,
  known: Set<string>,
  unreadable: readonly UnreadableChange[],
): ChangeStep<P> {
  return { request, page, skip: takeNew(page, known), unreadable: [...page.unreadable, ...unreadable] };
}
