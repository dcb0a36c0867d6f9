import { RoomError } from '../errors.ts';

/** A message as it came: every field verbatim. Shapes differ by server version, so each reader checks what it reads. */
export type RawMessage = Readonly<Record<string, unknown>>;

/**
 * The part of a message that the walk depends on, parsed once at the edge, with the verbatim record beside it.
 *
 * `hidden` rows are edit-history clones that servers before 8.x return among the messages (`_hidden: true`, an `_id` of
 * their own, `parent` naming the message): versions, never messages.
 */
export interface Message {
  readonly id: string;
  readonly tsMs: number;
  readonly hidden: boolean;
  readonly raw: RawMessage;
}

/**
 * Reads a date as Rocket.Chat writes it: an ISO 8601 string over REST, `{"$date": ms}` in documents that a client stored
 * as EJSON. Answers epoch milliseconds, or undefined for anything else.
 */
export function parseDateMs(value: unknown): number | undefined {
  if (typeof value === 'string') {
    // Date would read "1" as the year 2001, and a time without a zone as one of this machine.
    const ms = /^[+-]?\d{4,6}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(value) ? Date.parse(value) : Number.NaN;
    return Number.isNaN(ms) ? undefined : ms;
  }
  if (typeof value === 'object' && value !== null && '$date' in value) {
    const ms = value.$date;
    return typeof ms === 'number' && Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? Math.trunc(ms) : undefined;
  }
  return undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws RoomError (`wire`) when the row has no usable `_id` or `ts`: no walk over such a list can be exact. */
export function parseMessage(raw: unknown): Message {
  if (!isRecord(raw)) throw new RoomError('wire', `Cannot read a message: expected an object, not ${describe(raw)}`);
  const id = raw['_id'];
  if (typeof id !== 'string' || id === '') {
    throw new RoomError('wire', `Cannot read a message: "_id" should be a non-empty string, not ${describe(id)}`);
  }
  const tsMs = parseDateMs(raw['ts']);
  if (tsMs === undefined) {
    throw new RoomError('wire', `Cannot read message "${id}": "ts" should be a date, not ${describe(raw['ts'])}`);
  }
  return { id, tsMs, hidden: raw['_hidden'] === true, raw };
}

function describe(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 80);
}
