import type { Clock } from '../../system/clock.ts';

/**
 * Tells an ill server from an ill room: when requests for a room keep failing, the server is asked for something that
 * has nothing to do with rooms.
 */
export class WellServer {
  readonly #clock: Clock;
  readonly #ask: () => Promise<unknown>;
  #wellAtMs = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;

  /** `ask` has the patience of any request, and throws what ends the run. */
  constructor(clock: Clock, ask: () => Promise<unknown>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /**
   * Resolves when the server has been well at some time since `sinceMs`, when the failing request began. Rooms that fail
   * side by side share one question.
   *
   * @throws what `ask` throws
   */
  async confirmSince(sinceMs: number): Promise<void> {
    if (this.#wellAtMs >= sinceMs) return;
    this.#asking ??= this.#confirm().finally(() => (this.#asking = undefined));
    await this.#asking;
  }

  async #confirm(): Promise<void> {
    await this.#ask();
    this.#wellAtMs = this.#clock.now();
  }
}
