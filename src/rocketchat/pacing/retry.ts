/** How long to keep trying after failures that time may mend. */
export interface RetryPolicy {
  /** Attempts a request has in all, the first one included. */
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

/** A wrong address should be reported within seconds. */
export const connectPolicy: RetryPolicy = { attempts: 3, firstDelayMs: 500, longestDelayMs: 2_000 };

/** 62 s of patience in all: a server that restarts or a proxy that reloads is back by then. */
export const runPolicy: RetryPolicy = { attempts: 8, firstDelayMs: 500, longestDelayMs: 30_000 };

/** A room that fails five times while others are read is likely to go on failing: it must not hold up the run. */
export const roomPolicy: RetryPolicy = { attempts: 5, firstDelayMs: 500, longestDelayMs: 30_000 };

/** Further requests for a room of which one has used up its attempts. */
export const suspectRoomPolicy: RetryPolicy = { ...roomPolicy, attempts: 2 };

/**
 * The pause after failed attempt number `attempt` (from 1), or undefined when that was the last one. Doubles from
 * `firstDelayMs` up to `longestDelayMs`; `jitter` in [0, 1) takes off up to half, so that clients that failed together do
 * not come back together.
 */
export function delayBeforeRetryMs(attempt: number, policy: RetryPolicy, jitter: number): number | undefined {
  if (attempt >= policy.attempts) return undefined;
  const delayMs = Math.min(policy.firstDelayMs * 2 ** (attempt - 1), policy.longestDelayMs);
  return Math.round(delayMs * (1 - jitter / 2));
}
