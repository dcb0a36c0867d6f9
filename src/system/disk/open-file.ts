import { closeSync } from 'node:fs';

/** A descriptor that is closed once, behind what other threads do with it: the next file that is opened has its number. */
export class OpenFile {
  #descriptor: number;
  readonly #pending = new Set<Promise<unknown>>();

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** For what is done at once; -1, which Node refuses, when it is closed. */
  get descriptor(): number {
    return this.#descriptor;
  }

  /** Has another thread do something. */
  later<T>(work: (descriptor: number) => Promise<T>): Promise<T> {
    const done = work(this.#descriptor);
    this.#pending.add(done);
    return done.finally(() => this.#pending.delete(done));
  }

  async close(): Promise<void> {
    const descriptor = this.#descriptor;
    this.#descriptor = -1;
    if (descriptor === -1) return;
    await Promise.allSettled(this.#pending);
    closeSync(descriptor);
  }
}
