import type { Clock } from '../../system/clock.ts';
import {
  afterAnswer,
  afterSending,
  expireWindow,
  newWindow,
  nextStep,
  windowAt,
  type RateWindow,
} from './rate-window.ts';
import { Rejections, type Settled } from './rejections.ts';
import type { SkewBounds } from './server-clock.ts';
import type { Waiting } from './waiting.ts';
import { WaitingLine } from './waiting-line.ts';

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

export function createBudget({ endpoint, clock, waiting, skew, isEnforced }: BudgetOptions): Budget {
  const line = new WaitingLine<Permit>();
  const rejections = new Rejections();
  let window: RateWindow = newWindow;
  let inFlight = 0;
  let sleeping = false;
  let waitedMs = 0;

  function send(): void {
    const probe = window.kind === 'unknown';
    window = afterSending(window);
    inFlight++;
    const observe = rejections.sent();
    line.serve({
      settle(settled) {
        inFlight--;
        window = afterAnswer(window, observe(settled), probe, skew());
        advance();
      },
    });
  }

  /** Hands out what may go now; whatever changes the window calls it again. */
  function advance(): void {
    while (!line.isEmpty) {
      window = windowAt(window, clock.now(), skew());
      const step = nextStep(window, inFlight, skew(), isEnforced());
      if (step.kind === 'send') {
        send();
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
      line.refuse(error);
    } finally {
      sleeping = false;
    }
    advance();
  }

  return {
    acquire: () => {
      const permit = line.join();
      advance();
      return permit;
    },
    waitedMs: () => waitedMs,
  };
}
