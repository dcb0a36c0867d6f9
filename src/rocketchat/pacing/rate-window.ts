import type { RateHeaders } from './rate-headers.ts';
import { toLocalMs, type SkewBounds } from './server-clock.ts';

/** The end of a window, on the clock that it was given in. Epoch milliseconds. */
type Deadline =
  { readonly clock: 'server'; readonly atMs: number } | { readonly clock: 'local'; readonly atMs: number };

/**
 * What is known of one endpoint's rate limit. The server counts calls in fixed windows that begin at the first call
 * after the last one ended, for all clients behind one address, rejected calls included.
 *
 * - `unknown`: the next request is a probe, the others wait for what its answer shows. `cautious` after a 429 without
 *   headers: then every request is a probe, since nothing else would show when to stop.
 * - `unlimited`: a probe came back without headers; true until a 429 shows up.
 * - `bypassed`: the limiter counts our calls and lets all of them pass; true until a 429 shows up.
 * - `known`: `remaining` is the least that any answer of this window reported; requests in flight may not be in it yet.
 *   `spent` says whether an answer reported that nothing remains, and whether a request was sent all the same to find out
 *   if that holds for us.
 */
export type RateWindow =
  | { readonly kind: 'unknown'; readonly probing: boolean; readonly cautious: boolean }
  | { readonly kind: 'unlimited' }
  | { readonly kind: 'bypassed' }
  | {
      readonly kind: 'known';
      readonly remaining: number;
      readonly deadline: Deadline;
      readonly cautious: boolean;
      readonly spent: 'no' | 'reported' | 'tried';
    };

export const newWindow: RateWindow = { kind: 'unknown', probing: false, cautious: false };

export type NextStep =
  | { readonly kind: 'send' }
  /** An answer under way will show it. */
  | { readonly kind: 'await-answer' }
  | { readonly kind: 'wait'; readonly untilMs: number };

/** What became of a request, as far as the limit goes. */
export type Observation =
  | { readonly kind: 'answer'; readonly headers: RateHeaders | undefined; readonly receivedAtMs: number }
  | {
      readonly kind: 'rejected';
      readonly headers: RateHeaders | undefined;
      readonly retryAfterMs: number | undefined;
      readonly receivedAtMs: number;
      /** How long to wait at least, whatever the server says: see rejectionBackoffMs. */
      readonly leastWaitMs: number;
    }
  /** No answer: the server may have counted the call all the same. */
  | { readonly kind: 'failure' };

/** The limiter counts a call at the very end of a window to that window; timers fire up to a millisecond early. */
const deadlineMarginMs = 20;

/** The default window of Rocket.Chat, for a 429 that does not say. */
const defaultWindowMs = 60_000;

/** Answers of one window report resets that differ by the server's own processing time. */
const sameWindowMs = 500;

/** The shortest and longest pause that an answer 429 brings about when it announces none, or one that is over. */
const firstBackoffMs = 1_000;
const longestBackoffMs = 60_000;

/**
 * A proxy that answers 429 with `Retry-After: 0`, or with a reset in the past, would be asked hundreds of times a second.
 *
 * @param inARow rejections of this endpoint one after the other, each of a request that was sent after the last one
 */
export function rejectionBackoffMs(inARow: number): number {
  return Math.min(longestBackoffMs, firstBackoffMs * 2 ** (inARow - 1));
}

function localDeadlineMs(deadline: Deadline, skew: SkewBounds): number {
  return (deadline.clock === 'server' ? toLocalMs(deadline.atMs, skew) : deadline.atMs) + deadlineMarginMs;
}

/** Forgets a window that is over: the next request finds out about the new one. */
export function expireWindow(window: RateWindow): RateWindow {
  return window.kind === 'known' ? { kind: 'unknown', probing: false, cautious: window.cautious } : window;
}

/** `window` itself, or what is left of it when its end has passed. */
export function windowAt(window: RateWindow, nowMs: number, skew: SkewBounds): RateWindow {
  const over = window.kind === 'known' && localDeadlineMs(window.deadline, skew) <= nowMs;
  return over ? expireWindow(window) : window;
}

/**
 * What the endpoint's next request has to do; `window` as of now.
 *
 * @param isEnforced whether a 429 has shown that the limiter stops this login
 */
export function nextStep(window: RateWindow, inFlight: number, skew: SkewBounds, isEnforced: boolean): NextStep {
  switch (window.kind) {
    case 'unlimited':
    case 'bypassed':
      return { kind: 'send' };
    case 'unknown':
      return window.probing ? { kind: 'await-answer' } : { kind: 'send' };
    case 'known':
      if (window.remaining > inFlight) return { kind: 'send' };
      if (window.remaining > 0) return { kind: 'await-answer' };
      if (!isEnforced && window.spent !== 'no') {
        if (inFlight > 0) return { kind: 'await-answer' };
        if (window.spent === 'reported') return { kind: 'send' };
      }
      return { kind: 'wait', untilMs: localDeadlineMs(window.deadline, skew) };
  }
}

/** The window after a request has left. */
export function afterSending(window: RateWindow): RateWindow {
  if (window.kind === 'known') return window.spent === 'reported' ? { ...window, spent: 'tried' } : window;
  return window.kind === 'unknown' ? { ...window, probing: true } : window;
}

/** The window after a request has come back. `probe`: it left while the window was unknown. */
export function afterAnswer(
  window: RateWindow,
  observation: Observation,
  probe: boolean,
  skew: SkewBounds,
): RateWindow {
  switch (observation.kind) {
    case 'rejected':
      return rejected(window, observation, skew);
    case 'failure':
      if (window.kind === 'known') return { ...window, remaining: Math.max(0, window.remaining - 1) };
      return probe ? withoutProbe(window) : window;
    case 'answer': {
      const { headers, receivedAtMs } = observation;
      if (window.kind === 'bypassed') return window;
      if (headers === undefined) {
        if (!probe || window.kind !== 'unknown') return window;
        return window.cautious ? withoutProbe(window) : { kind: 'unlimited' };
      }
      const deadline: Deadline =
        headers.resetAtMs === undefined
          ? { clock: 'local', atMs: receivedAtMs + defaultWindowMs }
          : { clock: 'server', atMs: headers.resetAtMs };
      // A late answer about a window that is over.
      if (localDeadlineMs(deadline, skew) <= receivedAtMs) return probe ? withoutProbe(window) : window;
      return reported(window, headers.remaining, deadline);
    }
  }
}

function withoutProbe(window: RateWindow): RateWindow {
  return window.kind === 'unknown' ? { ...window, probing: false } : window;
}

function reported(window: RateWindow, remaining: number, deadline: Deadline): RateWindow {
  const spent = remaining === 0 ? 'reported' : 'no';
  const fresh: RateWindow = { kind: 'known', remaining, deadline, cautious: false, spent };
  if (window.kind !== 'known' || window.deadline.clock !== deadline.clock) return fresh;
  const laterMs = deadline.atMs - window.deadline.atMs;
  // Without a reset windows cannot be distinguished; the first deadline of the window stands.
  if (deadline.clock === 'local') {
    const least = Math.min(window.remaining, remaining);
    return { ...window, remaining: least, spent: window.spent === 'no' ? spent : window.spent };
  }
  if (laterMs > sameWindowMs) return fresh;
  if (laterMs < -sameWindowMs) return window;
  // One call is the last of a window. A second one that is let through has bypassed the limiter, which counts calls
  // before it looks up who may (ApiClass.ts, enforceRateLimit, in some releases).
  if (window.spent !== 'no' && remaining === 0) return { kind: 'bypassed' };
  const lastDeadline = laterMs > 0 ? deadline : window.deadline;
  return {
    ...fresh,
    remaining: Math.min(window.remaining, remaining),
    deadline: lastDeadline,
    spent: window.spent === 'no' ? spent : window.spent,
  };
}

function rejected(
  window: RateWindow,
  { headers, retryAfterMs, receivedAtMs, leastWaitMs }: Extract<Observation, { kind: 'rejected' }>,
  skew: SkewBounds,
): RateWindow {
  const byReset: Deadline | undefined =
    headers?.resetAtMs === undefined ? undefined : { clock: 'server', atMs: headers.resetAtMs };
  const bySeconds: Deadline = { clock: 'local', atMs: receivedAtMs + (retryAfterMs ?? defaultWindowMs) };
  // A reset that has passed by our clock when the server says no cannot be trusted.
  const usable = byReset !== undefined && localDeadlineMs(byReset, skew) > receivedAtMs;
  let deadline = usable ? byReset : bySeconds;
  // Answers to requests that were in flight together report one window: the latest end is the safe one.
  if (window.kind === 'known' && window.remaining === 0) {
    deadline = localDeadlineMs(window.deadline, skew) > localDeadlineMs(deadline, skew) ? window.deadline : deadline;
  }
  const leastMs = receivedAtMs + leastWaitMs;
  if (localDeadlineMs(deadline, skew) < leastMs) deadline = { clock: 'local', atMs: leastMs };
  return { kind: 'known', remaining: 0, deadline, cautious: headers === undefined, spent: 'no' };
}
