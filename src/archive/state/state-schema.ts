import { z } from 'zod';
import { countSchema } from './count-schema.ts';
import { sha256OfPieces } from '../hash-file.ts';
import { jsonBytes, jsonPieces } from '../json/json-pieces.ts';
import { readJsonParts, type JsonParts } from '../json/read-json-parts.ts';
import { JsonShapeError, parseShape, parseVersioned } from '../json-shape.ts';
import { sortedRecord } from '../sorted-record.ts';
import { state1Schema, upgradeState } from './state-1.ts';
import { discussionKinds } from '../../model/room.ts';
import { leftOutReasons } from './left-out.ts';
import type { MemberListState, MembershipState, UserState } from '../../model/people/people-state.ts';
import type { Span } from '../../model/stream.ts';
import type { ChangesState, CountedList, KnownHole, LeftOutState, ListState, ShardState, State } from './state.ts';

/** Epoch milliseconds. */
const timeMs = z.int();

const watermarkSchema = z.object({
  tsMs: timeMs,
  id: z.string().nullable(),
  undated: z
    .object({ type: z.enum(['null', 'number', 'text', 'object', 'boolean']), value: z.unknown() })
    .exactOptional(),
});

export const cursorSchema = z.object({
  watermark: watermarkSchema.nullable(),
  offset: countSchema,
  deliveredIds: z.array(z.string()),
});

export const spanSchema = z.object({ sinceMs: timeMs.nullable(), cursor: cursorSchema }) satisfies z.ZodType<Span>;

export const holeShape = {
  reason: z.string(),
  message: z.string(),
  offset: countSchema,
  rows: countSchema,
  after: watermarkSchema.nullable(),
  before: watermarkSchema.nullable(),
  id: z.string().nullable(),
  changedMs: timeMs.exactOptional(),
};

export const knownHoleSchema = z.object({ ...holeShape, firstRun: countSchema }) satisfies z.ZodType<KnownHole>;

const countedSchema = z.object({
  rows: countSchema,
  slack: countSchema,
  differs: z.boolean(),
  comparedMs: timeMs.nullable(),
  countsVersions: z.boolean(),
}) satisfies z.ZodType<CountedList>;

export const listStateSchema = z.object({
  endpoint: z.string(),
  roomId: z.string(),
  roomName: z.string(),
  roomType: z.string(),
  formerNames: z.array(z.string()),
  cursor: cursorSchema,
  sinceMs: timeMs.exactOptional(),
  untilMs: timeMs.exactOptional(),
  earlier: z.array(spanSchema).exactOptional(),
  messages: countSchema,
  complete: z.boolean(),
  seen: z.string().nullable(),
  gone: z.boolean(),
  holes: z.array(knownHoleSchema),
  lacking: z.array(z.string()).exactOptional(),
  counted: countedSchema.exactOptional(),
  unjoined: z.literal(true).exactOptional(),
  withheld: z.literal(true).exactOptional(),
}) satisfies z.ZodType<ListState>;

export const changesStateSchema = z.object({
  roomName: z.string(),
  sinceMs: timeMs,
  tables: z.array(z.string()).exactOptional(),
  behind: sortedRecord(timeMs).exactOptional(),
  lacking: z.array(z.string()).exactOptional(),
  unread: z.array(z.object({ id: z.string(), run: countSchema })).exactOptional(),
  compare: z.enum(['restored', 'returned', 'reset', 'hidden-types']).exactOptional(),
  known: sortedRecord(z.array(z.string())),
  knownSinceMs: timeMs,
  rows: countSchema,
  complete: z.boolean(),
  seen: z.string().nullable(),
}) satisfies z.ZodType<ChangesState>;

export const leftOutSchema = z.object({
  roomName: z.string(),
  roomType: z.string(),
  reason: z.enum(leftOutReasons),
  discussion: z.enum(discussionKinds).exactOptional(),
}) satisfies z.ZodType<LeftOutState>;

export const shardStateSchema = z.object({
  index: countSchema,
  count: countSchema,
  elsewhere: z.array(z.string()),
}) satisfies z.ZodType<ShardState>;

const digest = z.string().nullable();

export const userSchema = z.object({
  source: z.enum(['list', 'members', 'message']),
  digest,
  gone: z.literal(true).exactOptional(),
  metMs: timeMs.exactOptional(),
  utcOffsetMinutes: z.int().exactOptional(),
  lookedUp: z.literal(true).exactOptional(),
  shown: z.object({ message: z.string().exactOptional(), members: z.string().exactOptional() }).exactOptional(),
  outdated: z.literal(true).exactOptional(),
}) satisfies z.ZodType<UserState>;

export const memberListSchema = z.object({
  run: countSchema,
  seen: z.string().nullable(),
}) satisfies z.ZodType<MemberListState>;

export const membershipSchema = z.object({ firstRun: countSchema, digest }) satisfies z.ZodType<MembershipState>;

/** The parts of a state that grow with the workspace: what each of their entries is. */
export const stateEntries = {
  lists: listStateSchema,
  changes: changesStateSchema,
  rooms: z.string(),
  leftOut: leftOutSchema,
  users: userSchema,
  memberLists: memberListSchema,
  memberships: membershipSchema,
};

/** The state around entries that have been checked one by one. */
const aroundEntries = z.object({
  version: z.literal(2),
  longestPage: countSchema,
  lists: sortedRecord(z.custom<ListState>()),
  changes: sortedRecord(z.custom<ChangesState>()),
  rooms: sortedRecord(z.custom<string>()),
  leftOut: sortedRecord(z.custom<LeftOutState>()).exactOptional(),
  purges: z.array(countSchema).exactOptional(),
  shard: shardStateSchema.exactOptional(),
  users: sortedRecord(z.custom<UserState>()).exactOptional(),
  memberLists: sortedRecord(z.custom<MemberListState>()).exactOptional(),
  memberships: sortedRecord(z.custom<MembershipState>()).exactOptional(),
});

export const stateSchema = aroundEntries.extend({
  lists: sortedRecord(listStateSchema),
  changes: sortedRecord(changesStateSchema),
  rooms: sortedRecord(z.string()),
  leftOut: sortedRecord(leftOutSchema).exactOptional(),
  users: sortedRecord(userSchema).exactOptional(),
  memberLists: sortedRecord(memberListSchema).exactOptional(),
  memberships: sortedRecord(membershipSchema).exactOptional(),
});

/** The bytes of `_state.json`, piece by piece: equal states give equal bytes, whichever run they are of. */
export function stateBytes(state: State): Iterable<Buffer> {
  return jsonBytes(jsonPieces(parseShape(aroundEntries, state), 2, stateEntries));
}

/** Of the bytes of `_state.json`. */
export function stateSha256(state: State): string {
  return sha256OfPieces(stateBytes(state));
}

export function serializeState(state: State): string {
  return Buffer.concat([...stateBytes(state)]).toString();
}

/** A state as a file has it. */
export interface StoredState {
  readonly state: Omit<State, 'run'>;
  /** Files of version 1 say which run they are of; null: the newest manifest does. */
  readonly run: number | null;
}

/** Reads `_state.json`, of this version or the first. @throws JsonShapeError */
export function parseState(bytes: Uint8Array): StoredState {
  const { version, value } = parseVersioned(bytes, 2);
  if (version === 2) return { state: parseShape(stateSchema, value), run: null };
  const { run, ...state } = upgradeState(parseShape(state1Schema, value));
  return { state, run };
}

const kept = (schema: z.ZodType) => (entry: unknown) => parseShape(schema, entry);

const keptEntries: JsonParts = {
  lists: kept(listStateSchema),
  changes: kept(changesStateSchema),
  rooms: kept(stateEntries.rooms),
  leftOut: kept(leftOutSchema),
  users: kept(userSchema),
  memberLists: kept(memberListSchema),
  memberships: kept(membershipSchema),
};

/**
 * The same, piece by piece: of a large workspace the text alone has tens of megabytes.
 *
 * @returns undefined for one of the first version, or that something is wrong with: parsed as a whole it says what
 */
export async function parseStateParts(chunks: AsyncIterable<Uint8Array>): Promise<StoredState | undefined> {
  try {
    return { state: parseShape(aroundEntries, await readJsonParts(chunks, keptEntries)), run: null };
  } catch (error) {
    if (error instanceof JsonShapeError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
