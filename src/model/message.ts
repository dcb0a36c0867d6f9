import { shownValue } from './json/shown-value.ts';
import { RoomError } from '../errors.ts';
import type { JsonObject, JsonValue } from './json/json-value.ts';
import type { UndatedKey } from './stream.ts';
import { undatedKey } from './list/bson-order.ts';
import { ExactNumber } from './json/exact-number.ts';
import { isArray } from './json/is-array.ts';
import { isRecord } from './json/is-record.ts';
import { restDateMs } from './time/rest-date.ts';

/** A message as it came: every field verbatim. Shapes differ by server version, so each reader checks what it reads. */
export type RawMessage = JsonObject;

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
  /** Set when `ts` is no date, though it can be read as one: the server sorts the message by this. */
  readonly undated?: UndatedKey;
  readonly raw: RawMessage;
}

/** A row that makes no message, in the place where the server has it. */
export interface BadMessage {
  /** Empty when it has none. */
  readonly id: string;
  /** 0 where there is no date. */
  readonly tsMs: number;
  readonly undated?: UndatedKey;
  /** Its `_updatedAt`, in epoch milliseconds of the server's clock, where it says so. */
  readonly changedMs?: number;
  /** Why, a clause. */
  readonly problem: string;
}

/**
 * Reads a date as Rocket.Chat writes it: an ISO 8601 string over REST, `{"$date": ms}` in documents that a client stored
 * as EJSON. Returns epoch milliseconds, or undefined for anything else.
 */
export function parseDateMs(value: unknown): number | undefined {
  if (typeof value === 'string') {
    const restMs = restDateMs(value);
    if (restMs !== undefined) return restMs;
    // Date would read "1" as the year 2001, and a time without a zone as one of this machine.
    const ms = /^[+-]?\d{4,6}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(value) ? Date.parse(value) : Number.NaN;
    return Number.isNaN(ms) ? undefined : ms;
  }
  if (typeof value === 'object' && value !== null && '$date' in value) {
    const ms = asDouble(value.$date);
    return typeof ms === 'number' && Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? Math.trunc(ms) : undefined;
  }
  return undefined;
}

/** A walk reads numbers as doubles, the tables digit for digit: both must see the same time in one. */
function asDouble(value: unknown): unknown {
  return value instanceof ExactNumber ? Number(String(value)) : value;
}

/** Numbers below are too small for milliseconds of this age, and taken for seconds; below that, for no time at all. */
const leastMs = 1e11;
const leastSeconds = 1e8;

/**
 * Reads a `ts` whatever its type: the server stores what bots send, unchecked. Milliseconds or seconds as a number or in
 * digits, ISO 8601 with any precision, `{"$date": …}` of any of these.
 */
export function parseTimeMs(value: unknown): number | undefined {
  const dateMs = parseDateMs(value);
  if (dateMs !== undefined) return dateMs;
  if (isRecord(value) && '$date' in value) return parseTimeMs(value['$date']);
  const number = typeof value === 'string' && /^\d{9,14}$/.test(value) ? Number(value) : asDouble(value);
  if (typeof number !== 'number' || number < leastSeconds || number > 8.64e15) return undefined;
  return Math.trunc(number < leastMs ? number * 1000 : number);
}

/**
 * Levels of lists and objects in a message. What reads and writes them recurses, and at some 4,000 the stack ends, and
 * with it the process; people's messages have twenty.
 */
const mostLevels = 500;

function isDeeper(value: JsonObject | readonly JsonValue[], levels: number): boolean {
  if (levels === 0) return true;
  if (isArray(value)) return value.some((element) => isNested(element) && isDeeper(element, levels - 1));
  // Of every value of every message: a list of them would cost more than the look. JSON inherits nothing.
  for (const key in value) {
    const part = value[key];
    if (isNested(part) && isDeeper(part, levels - 1)) return true;
  }
  return false;
}

function isNested(value: JsonValue | undefined): value is JsonObject | readonly JsonValue[] {
  return typeof value === 'object' && value !== null && !(value instanceof ExactNumber);
}

export function parseRow(raw: JsonValue): Message | BadMessage {
  if (!isRecord(raw))
    return { id: '', tsMs: 0, undated: { type: 'null', value: null }, problem: `it is ${shownValue(raw)}` };
  const { _id: id, ts } = raw;
  const restMs = typeof ts === 'string' ? restDateMs(ts) : undefined;
  const undated = restMs === undefined ? undatedKey(asDouble(ts)) : undefined;
  const tsMs = restMs ?? parseTimeMs(ts);
  const row = { id: typeof id === 'string' ? id : '', tsMs: tsMs ?? 0, ...(undated !== undefined && { undated }) };
  if (row.id === '') return badRow(row, raw, `"_id" should be a non-empty string, not ${shownValue(id)}`);
  if (tsMs === undefined) return badRow(row, raw, `"ts" should be a date, not ${shownValue(ts)}`);
  if (isDeeper(raw, mostLevels)) return badRow(row, raw, `it is nested more than ${mostLevels} levels deep`);
  const hidden = raw['_hidden'] === true;
  return undated === undefined ? { id: row.id, tsMs, hidden, raw } : { ...row, tsMs, hidden, raw };
}

function badRow(row: Omit<BadMessage, 'problem'>, raw: RawMessage, problem: string): BadMessage {
  const changedMs = parseDateMs(raw['_updatedAt']);
  return { ...row, ...(changedMs !== undefined && { changedMs }), problem };
}

export function isBad(row: Message | BadMessage): row is BadMessage {
  return 'problem' in row;
}

/** @throws RoomError (`wire`) when the row has no usable `_id` or `ts` */
export function parseMessage(raw: JsonValue): Message {
  const row = parseRow(raw);
  if (isBad(row)) throw new RoomError('wire', `Cannot read ${messageNamed(row)}: ${row.problem}`);
  return row;
}

export function messageNamed({ id }: BadMessage): string {
  return id === '' ? 'a message without an id' : `message "${id}"`;
}
