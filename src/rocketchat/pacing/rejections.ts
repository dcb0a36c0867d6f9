import { rejectionBackoffMs, type Observation } from './rate-window.ts';

/** What became of a request, before it is known how many were rejected before it. */
export type Settled =
  Exclude<Observation, { kind: 'rejected' }> | Omit<Extract<Observation, { kind: 'rejected' }>, 'leastWaitMs'>;

/** Counts the answers 429 in a row, those once that came to requests sent side by side: each asks to wait longer. */
export class Rejections {
  #inARow = 0;

  /** To be called when a request leaves. @returns what becomes of it, with how long to wait at least */
  sent(): (settled: Settled) => Observation {
    const before = this.#inARow;
    return (settled) => {
      if (settled.kind === 'answer') this.#inARow = 0;
      if (settled.kind !== 'rejected') return settled;
      this.#inARow = Math.max(this.#inARow, before + 1);
      return { ...settled, leastWaitMs: rejectionBackoffMs(this.#inARow) };
    };
  }
}
