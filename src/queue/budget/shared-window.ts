import { z } from 'zod';
import {
  afterAnswer,
  afterSending,
  newWindow,
  nextStep,
  windowAt,
  type NextStep,
  type Observation,
  type RateWindow,
} from '../../rocketchat/pacing/rate-window.ts';
import type { SkewBounds } from '../../rocketchat/pacing/server-clock.ts';

/**
 * What all who share the limit of an endpoint know of it. A request in flight counts in the window that it was sent in and,
 * since it may reach the server late, in the next one; with that it dies, whether or not its sender still lives.
 */
export interface SharedWindow {
  readonly window: RateWindow;
  /** Counts windows. */
  readonly number: number;
  /** By its id, the number of the window in which each request in flight was sent. */
  readonly inFlight: Readonly<Record<string, number>>;
  /** When the last request was sent whose answer shows the window; epoch milliseconds. */
  readonly probedAtMs: number;
}

/** Whoever reads or writes a window: when, and how the server's clock differs from theirs. */
interface Observer {
  readonly nowMs: number;
  readonly skew: SkewBounds;
}

const newSharedWindow: SharedWindow = { window: newWindow, number: 0, inFlight: {}, probedAtMs: 0 };

const deadlineSchema = z.object({ clock: z.enum(['server', 'local']), atMs: z.number() });
const windowSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unknown'), probing: z.boolean(), cautious: z.boolean() }),
  z.object({ kind: z.literal('unlimited') }),
  z.object({ kind: z.literal('bypassed') }),
  z.object({
    kind: z.literal('known'),
    remaining: z.number(),
    deadline: deadlineSchema,
    cautious: z.boolean(),
    spent: z.enum(['no', 'reported', 'tried']),
  }),
]) satisfies z.ZodType<RateWindow>;
const sharedWindowSchema = z.object({
  window: windowSchema,
  number: z.number(),
  inFlight: z.record(z.string(), z.number()),
  probedAtMs: z.number(),
}) satisfies z.ZodType<SharedWindow>;

/** @param text JSON; undefined, or anything else: nothing is known */
export function parseSharedWindow(text: string | undefined): SharedWindow {
  if (text === undefined) return newSharedWindow;
  try {
    return sharedWindowSchema.parse(JSON.parse(text));
  } catch {
    return newSharedWindow;
  }
}

/** A probe that has not been answered for so long may be lost with its sender; another one costs one call. */
const probeLeaseMs = 15_000;

/** What is left of it now. */
export function sharedWindowAt(shared: SharedWindow, { nowMs, skew }: Observer): SharedWindow {
  const window = windowAt(shared.window, nowMs, skew);
  if (window !== shared.window) {
    const inFlight = Object.fromEntries(Object.entries(shared.inFlight).filter(([, sent]) => sent === shared.number));
    return { ...shared, window, number: shared.number + 1, inFlight };
  }
  const isProbeLost = window.kind === 'unknown' && window.probing && nowMs - shared.probedAtMs > probeLeaseMs;
  return isProbeLost ? { ...shared, window: { ...window, probing: false } } : shared;
}

/**
 * What the next request has to do. Nobody tries whether a spent limit holds for this login: of several who share it, each
 * would.
 */
export function nextSharedStep({ window, inFlight }: SharedWindow, skew: SkewBounds): NextStep {
  return nextStep(window, Object.keys(inFlight).length, skew, true);
}

/** After a request has left. */
export function afterSharedSending(shared: SharedWindow, id: string, nowMs: number): SharedWindow {
  const { window, number, inFlight } = shared;
  // Nothing ends such a window: what died in flight would stay in it.
  if (window.kind === 'unlimited' || window.kind === 'bypassed') return shared;
  return {
    window: afterSending(window),
    number,
    inFlight: { ...inFlight, [id]: number },
    probedAtMs: window.kind === 'unknown' ? nowMs : shared.probedAtMs,
  };
}

/** After a request has come back. `isProbe`: it left while the window was unknown. */
export function afterSharedAnswer(
  shared: SharedWindow,
  id: string,
  observation: Observation,
  isProbe: boolean,
  skew: SkewBounds,
): SharedWindow {
  const inFlight = Object.fromEntries(Object.entries(shared.inFlight).filter(([one]) => one !== id));
  return { ...shared, inFlight, window: afterAnswer(shared.window, observation, isProbe, skew) };
}

/** The same with what it knows by a local clock moved by so many milliseconds, to another clock. */
export function movedBy(shared: SharedWindow, ms: number): SharedWindow {
  const { window } = shared;
  const probedAtMs = shared.probedAtMs + ms;
  if (window.kind !== 'known' || window.deadline.clock === 'server') return { ...shared, probedAtMs };
  const deadline = { ...window.deadline, atMs: window.deadline.atMs + ms };
  return { ...shared, probedAtMs, window: { ...window, deadline } };
}
