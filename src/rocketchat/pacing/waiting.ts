import { dayMs, hourMs } from '../../model/time/durations.ts';
import { abortError, StoppedError } from '../../errors.ts';
import type { Clock } from '../../system/clock.ts';

/** A pause that is about to begin, of `ms` milliseconds: for progress and logs. */
export type WaitEvent =
  | { readonly kind: 'rate-limit'; readonly endpoint: string; readonly ms: number }
  | {
      readonly kind: 'retry';
      readonly endpoint: string;
      readonly ms: number;
      readonly attempt: number;
      readonly error: string;
    };

/** The one place that sleeps. */
export interface Waiting {
  /**
   * @throws StoppedError before a pause of more than a day, unless `maxWaitMs` is given, and before one that would bring the time waited for rate limits above `maxWaitMs`. Pauses of
   *   several endpoints that overlap count once: it is time on the clock, not a sum over requests.
   */
  forRateLimit(endpoint: string, untilMs: number): Promise<void>;
  beforeRetry(endpoint: string, ms: number, attempt: number, error: string): Promise<void>;
  /** Until others who share a limit may have learned of it: too short to be shown. */
  forOthers(ms: number): Promise<void>;
  /** @throws what ended the run, once the signal is aborted */
  throwIfAborted(): void;
}

/** Without a word in the job, no single announced wait may be longer. */
const longestUnaskedMs = dayMs;

interface WaitingOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly maxWaitMs: number;
  readonly onWait: (event: WaitEvent) => void;
}

export function createWaiting({ clock, signal, maxWaitMs, onWait }: WaitingOptions): Waiting {
  let waitedMs = 0;
  let waitingUntilMs = -Infinity;

  function throwIfAborted(): void {
    if (signal.aborted) throw abortError(signal);
  }

  async function sleep(ms: number): Promise<void> {
    try {
      await clock.sleep(ms, signal);
    } catch (error) {
      throw signal.aborted ? abortError(signal) : error;
    }
  }

  return {
    async forRateLimit(endpoint, untilMs) {
      throwIfAborted();
      const nowMs = clock.now();
      const waitMs = untilMs - nowMs;
      // Nobody sets a limit of more than a day: the one who announces it is mistaken, or wants to be left alone.
      if (waitMs > longestUnaskedMs && maxWaitMs === Number.POSITIVE_INFINITY) {
        throw new StoppedError(`Stopped before waiting ${hours(waitMs)} for the rate limit of "${endpoint}"`, {
          hint: 'The server, or a proxy, announces such a wait: ask its administrator, or allow it (maxWait)',
        });
      }
      const addedMs = Math.max(0, untilMs - Math.max(nowMs, waitingUntilMs));
      if (waitedMs + addedMs > maxWaitMs) {
        throw new StoppedError(
          `Stopped before waiting ${seconds(untilMs - nowMs)} more for the rate limit of "${endpoint}": ` +
            `${seconds(waitedMs)} waited so far, at most ${seconds(maxWaitMs)} allowed`,
          { hint: 'What was read is saved: run the same command again to resume, or allow a longer wait' },
        );
      }
      waitedMs += addedMs;
      waitingUntilMs = Math.max(waitingUntilMs, untilMs);
      onWait({ kind: 'rate-limit', endpoint, ms: untilMs - nowMs });
      await sleep(untilMs - nowMs);
    },
    async beforeRetry(endpoint, ms, attempt, error) {
      throwIfAborted();
      onWait({ kind: 'retry', endpoint, ms, attempt, error });
      await sleep(ms);
    },
    async forOthers(ms) {
      throwIfAborted();
      await sleep(ms);
    },
    throwIfAborted,
  };
}

function hours(ms: number): string {
  return `${String(Math.round(ms / hourMs))} h`;
}

function seconds(ms: number): string {
  return `${String(Math.ceil(ms / 1000))} s`;
}
