import type { IncomingHttpHeaders } from 'node:http';

/** What an answer reports about its endpoint's rate limit. */
export interface RateHeaders {
  /** Calls left in this window after the one answered. */
  readonly remaining: number;
  /** End of the window, epoch milliseconds on the server's clock; undefined when unusable. */
  readonly resetAtMs: number | undefined;
}

/**
 * Rocket.Chat sends `X-RateLimit-Limit`, `-Remaining` and `-Reset` when its limiter counts the call, the reset in epoch
 * milliseconds (no `Retry-After`). Undefined when the headers are absent, which proves nothing: users who bypass
 * the limiter get none, and some releases of 7.x lost them.
 */
export function parseRateHeaders(headers: IncomingHttpHeaders): RateHeaders | undefined {
  const remaining = count(headers['x-ratelimit-remaining']);
  if (remaining === undefined) return undefined;
  const resetAtMs = count(headers['x-ratelimit-reset']);
  // Gateways that speak the same header write seconds, which as milliseconds would be long before 2001.
  const usable = resetAtMs !== undefined && resetAtMs > 1e12 && resetAtMs < 1e14;
  return { remaining, resetAtMs: usable ? resetAtMs : undefined };
}

/** The server's clock as `Date` shows it, epoch milliseconds, cut to the second. */
export function parseDateHeaderMs(headers: IncomingHttpHeaders): number | undefined {
  const ms = headers.date === undefined ? Number.NaN : Date.parse(headers.date);
  return Number.isNaN(ms) ? undefined : ms;
}

function count(value: string | string[] | undefined): number | undefined {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
