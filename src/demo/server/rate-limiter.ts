import type { RateLimit } from './server-settings.ts';

export interface Attempt {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Epoch milliseconds. */
  readonly resetAtMs: number;
  readonly waitMs: number;
}

/**
 * The server's limiter: a fixed window for each route and method, in it a counter for each address. Refused calls count
 * too. The window does not begin with the first call but when the route was registered, and after that with the first
 * call past its end.
 *
 * Source: ApiClass.ts (enforceRateLimit) over Meteor's rate-limit package.
 */
export class RateLimiter {
  readonly #startedAtMs: number;
  readonly #windows = new Map<string, { startedAtMs: number; counts: Map<string, number> }>();

  constructor(nowMs: number) {
    this.#startedAtMs = nowMs;
  }

  attempt(route: string, address: string, nowMs: number, { calls, windowMs }: RateLimit): Attempt {
    let window = this.#windows.get(route);
    if (!window) {
      window = { startedAtMs: this.#startedAtMs, counts: new Map() };
      this.#windows.set(route, window);
    }
    if (nowMs - window.startedAtMs > windowMs) {
      window.startedAtMs = nowMs;
      window.counts.clear();
    }
    const count = (window.counts.get(address) ?? 0) + 1;
    window.counts.set(address, count);
    const resetAtMs = window.startedAtMs + windowMs;
    return {
      allowed: count <= calls,
      limit: calls,
      remaining: Math.max(0, calls - count),
      resetAtMs,
      waitMs: resetAtMs - nowMs,
    };
  }
}
