import { limitOf, waitAtLimitMs } from '../../preview/limit-time.ts';
import { changesEndpoint } from '../../model/stream.ts';
import type { RateLimit } from '../../model/rocketchat.ts';
import type { ExpectedList } from '../../run-event.ts';

/** A list of which a page has come and more will. */
export interface ListAtWork {
  readonly room: string;
  /** Read of it in this run, by cut attempts too. */
  readonly messages: number;
  /** Of places that earlier runs could not read: who knows which of them changes have brought since. */
  readonly late: number;
  /** What this run will have read of it; null: nobody knows. */
  readonly expected: number | null;
}

/** How far a run is. */
export interface ProgressFigures {
  /** Messages of lists; changes are not among them. */
  readonly messages: number;
  readonly expected: number;
  /** Of lists whose length is not known yet, nothing is in `expected`. */
  readonly isExpectedWhole: boolean;
  readonly lists: number;
  readonly listsRead: number;
}

/** Sooner, a pace is chance. */
const shortestPaceMs = 3_000;

interface List {
  readonly forecast: ExpectedList;
  messages: number;
  /** Of those, what a cut attempt saved. */
  saved: number;
  late: number;
  pages: number;
  total: number | null;
  isRead: boolean;
}

/**
 * Counts what a run has read against what it expects to. Sums are kept, not made: a workspace may have 50,000 rooms, and a
 * terminal is refreshed five times a second.
 */
export class RunProgress {
  readonly #lists = new Map<string, List>();
  readonly #atWork = new Map<string, ListAtWork>();
  readonly #requestsLeft = new Map<string, number>();
  readonly #rateLimits: Readonly<Record<string, RateLimit>>;
  #messages = 0;
  #expected = 0;
  #unknown = 0;
  #listsRead = 0;
  /** Of this process: pages that cut attempts saved say nothing about its pace. */
  #pages = 0;

  constructor(expected: readonly ExpectedList[], rateLimits: Readonly<Record<string, RateLimit>>) {
    this.#rateLimits = rateLimits;
    for (const one of expected) {
      const list: List = { forecast: one, messages: 0, saved: 0, late: 0, pages: 0, total: null, isRead: false };
      this.#lists.set(one.stream, list);
      this.#count(list, 1);
    }
  }

  /** @param read what came, or was saved by a cut attempt */
  read(stream: string, room: string, read: PagesRead): ListAtWork | undefined {
    const list = this.#lists.get(stream);
    if (list === undefined) return undefined;
    this.#count(list, -1);
    if (read.isLate) list.late += read.messages;
    else list.messages += read.messages;
    if (read.isSaved) list.saved += read.messages;
    list.pages += read.pages;
    list.total = read.total ?? list.total;
    this.#count(list, 1);
    if (!read.isSaved) this.#pages += read.pages;
    const atWork = { room, messages: list.messages, late: list.late, expected: expectedOf(list) };
    this.#atWork.set(stream, atWork);
    return atWork;
  }

  /** The list has been read to its end. @returns what this process has read of it */
  finish(stream: string): Pick<ListAtWork, 'messages' | 'late'> {
    const list = this.#lists.get(stream);
    if (list === undefined) return { messages: 0, late: 0 };
    this.#count(list, -1);
    list.isRead = true;
    this.#count(list, 1);
    this.#listsRead += 1;
    this.#atWork.delete(stream);
    return { messages: list.messages - list.saved, late: list.late };
  }

  figures(): ProgressFigures {
    return {
      messages: this.#messages,
      expected: this.#expected,
      isExpectedWhole: this.#unknown === 0,
      lists: this.#lists.size,
      listsRead: this.#listsRead,
    };
  }

  /** Those with the most left to read first. */
  atWork(): readonly ListAtWork[] {
    const left = ({ expected, messages }: ListAtWork): number => (expected ?? Infinity) - messages;
    return [...this.#atWork.values()].sort((a, b) => (left(a) === left(b) ? 0 : left(b) - left(a)));
  }

  /**
   * When all will have been read: at the server's limit, or at the pace so far if that is slower. Epoch milliseconds.
   *
   * @param beganMs when lists were first asked for
   * @param resumesMs the end of the pause that the run is in, or now
   * @returns null while there is nothing to go by
   */
  doneMs(nowMs: number, beganMs: number, resumesMs: number): number | null {
    let requestsLeft = 0;
    let limitMs = 0;
    for (const [endpoint, requests] of this.#requestsLeft) {
      if (requests === 0) continue;
      requestsLeft += requests;
      const limit = limitOf(endpoint, this.#rateLimits);
      if (limit !== undefined) limitMs = Math.max(limitMs, waitAtLimitMs(requests, limit));
    }
    const tookMs = nowMs - beganMs;
    const hasPace = this.#pages > 0 && tookMs >= shortestPaceMs;
    if (!hasPace) return limitMs === 0 ? null : resumesMs + limitMs;
    return Math.max(resumesMs + limitMs, nowMs + (tookMs / this.#pages) * requestsLeft);
  }

  /** Adds a list to the sums (1), or takes it out of them before it changes (-1). */
  #count(list: List, sign: 1 | -1): void {
    const { forecast, messages, pages, isRead } = list;
    const { endpoint, requests } = forecast;
    const left = isRead ? 0 : Math.max(0, (requests ?? 1) - pages);
    this.#requestsLeft.set(endpoint, (this.#requestsLeft.get(endpoint) ?? 0) + sign * left);
    if (endpoint === changesEndpoint) return;
    const expected = expectedOf(list);
    this.#messages += sign * messages;
    this.#expected += sign * (expected ?? messages);
    if (expected === null) this.#unknown += sign;
  }
}

/** Pages that came, or that a cut attempt saved. */
interface PagesRead {
  readonly messages: number;
  readonly pages: number;
  /** See RunEvent. */
  readonly total: number | null;
  readonly isLate: boolean;
  readonly isSaved: boolean;
}

/** A list that has been read held what was read of it; else the list itself knows best how long it is, then the room list. */
function expectedOf({ forecast, messages, total, isRead }: List): number | null {
  if (isRead) return messages;
  if (total !== null && forecast.known !== null) return Math.max(messages, total - forecast.known);
  return forecast.messages === null ? null : Math.max(messages, forecast.messages);
}
