import { abortError } from '../errors.ts';
import type { Clock } from '../system/clock.ts';

/** Wakes whoever waits, or the next one who will. */
export class Bell {
  #waking = new AbortController();

  ring(): void {
    this.#waking.abort();
  }

  /** Resolves when it has been rung since the last time, or after `ms`. @throws what an aborted signal stands for */
  async heard(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
    const waking = this.#waking;
    try {
      await clock.sleep(ms, AbortSignal.any([signal, waking.signal]));
    } catch (error) {
      if (signal.aborted) throw abortError(signal);
      if (!waking.signal.aborted) throw error;
    }
    if (waking.signal.aborted) this.#waking = new AbortController();
  }
}
