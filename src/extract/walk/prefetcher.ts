import { isUnreadable, type ListPage, type PageRequest, type RowsPage, type UnreadablePage } from './page.ts';

export type FetchPage<P extends RowsPage> = (request: PageRequest) => Promise<P | UnreadablePage>;

interface Fetched<P> {
  readonly request: PageRequest;
  readonly page: P | UnreadablePage;
  /** Put back once already: a page that is late for the second time is dropped, or the walk would turn in circles. */
  readonly wasPutBack: boolean;
}

interface Guess<P> {
  readonly request: PageRequest;
  readonly answer: Promise<P | UnreadablePage>;
  readonly wasPutBack: boolean;
}

/**
 * Keeps requests in flight ahead of a walk, so that the server's latency is spent once and not once per page.
 *
 * Each is a guess: it is asked for at the offset where a page should begin if nothing moves. The walk takes guesses in
 * order and judges each; one that begins behind the wanted offset waits while the walk asks for the rows between.
 */
export class Prefetcher<P extends ListPage> {
  readonly #fetch: FetchPage<P>;
  #guesses: Guess<P>[] = [];
  #nextOffset = 0;
  #stride = 0;

  constructor(fetch: FetchPage<P>) {
    this.#fetch = fetch;
  }

  /** The page at `wanted`, or a guess that begins a little before it. */
  async next(wanted: PageRequest): Promise<Fetched<P>> {
    this.#dropOvertaken(wanted);
    const [head] = this.#guesses;
    if (head === undefined || !sameList(head.request, wanted) || head.request.offset > wanted.offset) {
      return { request: wanted, page: await this.#fetch(wanted), wasPutBack: false };
    }
    this.#guesses.shift();
    return { request: head.request, page: await head.answer, wasPutBack: head.wasPutBack };
  }

  /**
   * Asks for pages from `wanted` on, `stride` rows apart, as long as they begin before row `end` of the list and
   * `mayHold` allows one page more than are held already.
   */
  fill(wanted: PageRequest, stride: number, end: number, mayHold: (held: number) => boolean): void {
    this.#stride = stride;
    this.#dropOvertaken(wanted);
    if (this.#guesses.length === 0) this.#nextOffset = wanted.offset;
    while (this.#nextOffset < end && mayHold(this.#guesses.length)) {
      const request = { ...wanted, offset: this.#nextOffset };
      const answer = this.#fetch(request);
      // A failure counts when the page's turn comes; if that never happens it must not end the process.
      answer.catch(() => undefined);
      this.#guesses.push({ request, answer, wasPutBack: false });
      this.#nextOffset += stride;
    }
  }

  /** Keeps a page that began too late: it counts again when the walk has closed the distance. */
  putBack({ request, page, wasPutBack }: Fetched<P>): void {
    if (wasPutBack) return;
    // What is asked for ahead next comes behind it.
    if (this.#guesses.length === 0)
      this.#nextOffset = request.offset + Math.max(1, isUnreadable(page) ? 1 : page.rows.length - 3);
    this.#guesses.unshift({ request, answer: Promise.resolve(page), wasPutBack: true });
  }

  /** Drops guesses whose rows were all taken from another page meanwhile. */
  #dropOvertaken(wanted: PageRequest): void {
    const first = this.#guesses.findIndex(
      (guess, index) =>
        guess.request.offset + this.#stride > wanted.offset &&
        (this.#guesses[index + 1]?.request.offset ?? Number.POSITIVE_INFINITY) > wanted.offset,
    );
    this.#guesses = first === -1 ? [] : this.#guesses.slice(first);
  }
}

function sameList(a: PageRequest, b: PageRequest): boolean {
  return a.order === b.order && a.count === b.count;
}
