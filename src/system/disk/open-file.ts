import { closeSync } from 'node:fs';

/** A descriptor that is closed once, behind what other threads do with it: the next file that is opened has its number. */
export class OpenFile {
  #descriptor: number;
  #pending: Promise<unknown> = Promise.resolve();

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** For what is done at once; -1, which the system refuses, when it is closed. */
  get descriptor(): number {
    return this.#descriptor;
  }

  /** Has another thread do something. */
  later<T>(work: (descriptor: number) => Promise<T>): Promise<T> {
    const done = work(this.#descriptor);
    this.#pending = Promise.allSettled([this.#pending, done]);
    return done;
  }

  async close(): Promise<void> {
    const descriptor = this.#descriptor;
    this.#descriptor = -1;
    if (descriptor === -1) return;
    await this.#pending;
    closeSync(descriptor);
  }
}
