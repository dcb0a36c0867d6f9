import type { Clock } from '../../system/clock.ts';
import {
  afterAnswer,
  afterSending,
  expireWindow,
  newWindow,
  nextStep,
  rejectionBackoffMs,
  windowAt,
  type Observation,
  type RateWindow,
} from './rate-window.ts';
import type { SkewBounds } from './server-clock.ts';
import type { Waiting } from './waiting.ts';

/** What became of a request, before it is known how many were rejected before it. */
export type Settled =
  Exclude<Observation, { kind: 'rejected' }> | Omit<Extract<Observation, { kind: 'rejected' }>, 'leastWaitMs'>;

/** The right to send one request. */
export interface Permit {
  /** Must be called once, whatever became of the request. */
  settle(observation: Settled): void;
}

/** The rate limit of one endpoint: hands out permits in the order they were asked for. */
export interface Budget {
  /** @throws what `Waiting.forRateLimit` throws */
  acquire(): Promise<Permit>;
  /** Time that at least one request waited for the limit. */
  waitedMs(): number;
}

/** Makes the budget of one endpoint. */
export type NewBudget = (options: BudgetOptions) => Budget;

export interface BudgetOptions {
  readonly endpoint: string;
  readonly clock: Clock;
  readonly waiting: Waiting;
  /** The server's clock as known now; shared by all endpoints of a server. */
  readonly skew: () => SkewBounds;
  /** Whether any endpoint has answered 429: the permission to bypass the limiter is one for all. */
  readonly isEnforced: () => boolean;
}

interface Waiter {
  readonly resolve: (permit: Permit) => void;
  readonly reject: (error: unknown) => void;
}

export function createBudget({ endpoint, clock, waiting, skew, isEnforced }: BudgetOptions): Budget {
  const waiters: Waiter[] = [];
  let window: RateWindow = newWindow;
  let inFlight = 0;
  let sleeping = false;
  let waitedMs = 0;
  /** Answers 429 in a row, those counted once that came to requests sent side by side. */
  let rejections = 0;

  function send(waiter: Waiter): void {
    const probe = window.kind === 'unknown';
    window = afterSending(window);
    inFlight++;
    const rejectionsBefore = rejections;
    waiter.resolve({
      settle(observation) {
        inFlight--;
        if (observation.kind === 'rejected') rejections = Math.max(rejections, rejectionsBefore + 1);
        if (observation.kind === 'answer') rejections = 0;
        window = afterAnswer(window, withBackoff(observation), probe, skew());
        advance();
      },
    });
  }

  function withBackoff(observation: Settled): Observation {
    return observation.kind === 'rejected'
      ? { ...observation, leastWaitMs: rejectionBackoffMs(rejections) }
      : observation;
  }

  /** Hands out what may go now; whatever changes the window calls it again. */
  function advance(): void {
    for (;;) {
      const [waiter] = waiters;
      if (waiter === undefined) return;
      window = windowAt(window, clock.now(), skew());
      const step = nextStep(window, inFlight, skew(), isEnforced());
      if (step.kind === 'send') {
        waiters.shift();
        send(waiter);
        continue;
      }
      if (step.kind === 'wait' && !sleeping) void sleepUntil(step.untilMs);
      return;
    }
  }

  async function sleepUntil(untilMs: number): Promise<void> {
    const before = window;
    const fromMs = clock.now();
    sleeping = true;
    try {
      await waiting.forRateLimit(endpoint, untilMs);
      waitedMs += untilMs - fromMs;
      // Slept to its end, it is over, even if somebody has set our clock back meanwhile.
      if (window === before) window = expireWindow(window);
    } catch (error) {
      for (const waiter of waiters.splice(0)) waiter.reject(error);
    } finally {
      sleeping = false;
    }
    advance();
  }

  return {
    acquire: () =>
      new Promise((resolve, reject) => {
        waiters.push({ resolve, reject });
        advance();
      }),
    waitedMs: () => waitedMs,
  };
}
