interface Waiter<Right> {
  readonly resolve: (right: Right) => void;
  readonly reject: (error: unknown) => void;
}

/** Those who wait for a right, in the order of asking. */
export class WaitingLine<Right> {
  readonly #waiters: Waiter<Right>[] = [];

  get isEmpty(): boolean {
    return this.#waiters.length === 0;
  }

  join(): Promise<Right> {
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  /** Hands the right to the first. */
  serve(right: Right): void {
    this.#waiters.shift()?.resolve(right);
  }

  /** Sends all of them away. */
  refuse(error: unknown): void {
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
  }
}
