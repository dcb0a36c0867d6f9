/** So long nobody minds that Ctrl-C, a timer or an answer waits. */
const longestMs = 50;

/**
 * Lets the event loop have its turn where work that never waits would keep it for long: what is done at once, thousands of times
 * in a row, is one task to it.
 */
export class LoopTurns {
  readonly #nowMs: () => number;
  #lastMs: number;

  /** @param nowMs a clock that nobody sets */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
    this.#lastMs = nowMs();
  }

  /** Resolves at once, but for the first time after so long. */
  async give(): Promise<void> {
    if (this.#nowMs() - this.#lastMs < longestMs) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#lastMs = this.#nowMs();
  }
}

/** Of what this process does at once with files. */
export const diskTurns = new LoopTurns();
