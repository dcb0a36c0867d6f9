import type { ChangesRefusal } from '../model/stream.ts';
import { comparedStream } from './streams/compared-stream.ts';
import type { PlannedChanges, Silence } from './run-plan.ts';

/** What to read of a room in place of its changes: the messages of the last `lookbackMs`, of one that is compared all. */
export function insteadOfChanges(changes: PlannedChanges, { nowMs, lookbackMs }: Silence): ChangesRefusal['instead'] {
  const stream = comparedStream(changes);
  if (stream === undefined) return null;
  const windowMs = Math.max(0, nowMs - Math.max(0, lookbackMs));
  // A table that lacks what runs brought lacks whole messages.
  const behindMs = changes.isBehind ? (changes.cursor.watermark?.tsMs ?? 0) : windowMs;
  return { endpoint: stream.endpoint, sinceMs: changes.compared !== null ? 0 : Math.min(windowMs, behindMs) };
}
