import type { RateLimit } from '../model/rocketchat.ts';

/** The window of a new installation, where no answer reported one. Source: server/settings/rate.ts */
const usualWindowMs = 60_000;

/**
 * The limit that holds for an endpoint: its own, or the strictest that another reported, for one setting of the server holds
 * for all that have none of their own. undefined: no answer reported any.
 */
export function limitOf(
  endpoint: string,
  limits: Readonly<Record<string, RateLimit>>,
): { readonly calls: number; readonly windowMs: number } | undefined {
  const all = Object.values(limits);
  const [strictest] = all.toSorted((a, b) => a.calls - b.calls);
  const limit = limits[endpoint] ?? strictest;
  if (limit === undefined) return undefined;
  const windows = all.flatMap(({ windowMs }) => windowMs ?? []);
  return {
    calls: limit.calls,
    windowMs: limit.windowMs ?? (windows.length === 0 ? usualWindowMs : Math.max(...windows)),
  };
}

/**
 * The time that requests to one endpoint wait for its limit: the calls of the first window go at once, and after them
 * those of one window each. What the server and the network take comes on top.
 */
export function waitAtLimitMs(
  requests: number,
  { calls, windowMs }: { readonly calls: number; readonly windowMs: number },
): number {
  return Math.max(0, Math.ceil(requests / calls) - 1) * windowMs;
}
