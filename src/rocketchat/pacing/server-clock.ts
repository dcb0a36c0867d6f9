/** What is known of (server's clock − ours): it lies within [lowMs, highMs]. */
export interface SkewBounds {
  readonly lowMs: number;
  readonly highMs: number;
}

export const unknownSkew: SkewBounds = { lowMs: -Infinity, highMs: Infinity };

/** One answer as evidence about the clocks. */
export interface ClockEvidence {
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
  /** The `Date` header: the server's time when it answered, cut to the second. */
  readonly dateMs: number | undefined;
  /** End of the rate window: not past on the server's clock when it answered. */
  readonly resetAtMs: number | undefined;
}

/**
 * Tightens the bounds by one answer. Evidence that contradicts what was known (a clock was set, another server answered)
 * replaces it; a `Date` that contradicts the reset of the same answer is a proxy's, and the reset wins.
 */
export function tightenSkew(known: SkewBounds, evidence: ClockEvidence): SkewBounds {
  const { sentAtMs, receivedAtMs, dateMs, resetAtMs } = evidence;
  const byReset: SkewBounds = { lowMs: -Infinity, highMs: resetAtMs === undefined ? Infinity : resetAtMs - sentAtMs };
  const byDate: SkewBounds =
    dateMs === undefined ? unknownSkew : { lowMs: dateMs - receivedAtMs, highMs: dateMs + 1000 - sentAtMs };
  const fresh = intersect(byDate, byReset) ?? byReset;
  return intersect(known, fresh) ?? fresh;
}

/**
 * Our time at which the server's clock is sure to have reached `serverMs`. Clocks that may agree are taken to agree: the
 * bounds are up to a second wide, and waiting that long for nothing in every window would cost more than the rare 429
 * that proves them apart.
 */
export function toLocalMs(serverMs: number, { lowMs, highMs }: SkewBounds): number {
  if (lowMs <= 0 && highMs >= 0) return serverMs;
  // Without a Date header there is no lower bound; a second of slack is what a Date would have left.
  return serverMs - (lowMs === -Infinity ? highMs - 1000 : lowMs);
}

function intersect(a: SkewBounds, b: SkewBounds): SkewBounds | undefined {
  const both = { lowMs: Math.max(a.lowMs, b.lowMs), highMs: Math.min(a.highMs, b.highMs) };
  return both.lowMs <= both.highMs ? both : undefined;
}
