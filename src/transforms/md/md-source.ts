import { isArray } from '../../model/json/is-array.ts';

/**
 * The source text of a message, for nodes that point into it: since parser 0.32 some carry `fallback: [start, end]`.
 *
 * Pieces are given out in order and never overlap, so that together they are no longer than the text, whatever a tree
 * asks for.
 */
export class MdSource {
  readonly #msg: string;
  #end = 0;

  constructor(msg: string) {
    this.#msg = msg;
  }

  /** null when `fallback` is no pair of offsets, or not of a piece that is still to come. */
  take(fallback: unknown): string | null {
    if (!isArray(fallback)) return null;
    const [start, end] = fallback;
    if (typeof start !== 'number' || !Number.isInteger(start) || start < this.#end) return null;
    if (typeof end !== 'number' || !Number.isInteger(end) || end <= start || end > this.#msg.length) return null;
    this.#end = end;
    return this.#msg.slice(start, end);
  }
}
