import { z } from 'zod';
import { countSchema } from '../../archive/state/count-schema.ts';
import { filtersSchema, viaSchema } from '../../archive/manifest/request/request-schema.ts';
import { leftOutReasons } from '../../archive/state/left-out.ts';
import { cursorSchema, knownHoleSchema, spanSchema } from '../../archive/state/state-schema.ts';
import type { PlannedMemberList, PlannedPeople } from '../people/plan-people.ts';
import { endpointNames } from '../../endpoints/endpoint-name.ts';
import { roomTypes, type Room, type RoomDetails } from '../../model/room.ts';
import type {
  FormerList,
  GoneStream,
  PlannedChanges,
  PlannedShard,
  PlannedStream,
  RunChanges,
  RunPlan,
  RunReread,
  RunStream,
} from '../run-plan.ts';

/** Of the file. A plan of another version is that of another program. */
export const runPlanVersion = 14;

/** Has every key of the type: what no schema names would be lost when a run is resumed, optional keys unnoticed. */
function objectOf<T>() {
  return <Shape extends Readonly<Record<keyof T, z.ZodType>>>(shape: Shape): z.ZodObject<Shape> => z.object(shape);
}

const timeMs = z.number();
const text = z.string().nullable();
const texts = z.array(z.string());
const period = z.object({ sinceMs: timeMs.nullable(), untilMs: timeMs.nullable() });

const detailsSchema = objectOf<RoomDetails>()({
  topic: text,
  description: text,
  ownerId: text,
  createdAtMs: timeMs.nullable(),
  membersCount: z.number().nullable(),
  readOnly: z.boolean().nullable(),
  teamId: text,
});

const roomKey = { id: z.string(), name: z.string(), type: z.enum(Object.values(roomTypes)) };

const roomSchema = objectOf<Room>()({
  ...roomKey,
  displayName: z.string().exactOptional(),
  formerNames: texts.exactOptional(),
  archived: z.boolean(),
  withheld: z.enum(['invited', 'banned']).exactOptional(),
  unjoined: z.literal(true).exactOptional(),
  hiddenTypes: texts.exactOptional(),
  parentId: text,
  messageCount: z.number().nullable(),
  lastMessageAtMs: timeMs.nullable(),
  updatedAtMs: timeMs.nullable(),
  changeMark: text,
  details: detailsSchema.exactOptional(),
});

const formerShape = { endpoint: z.enum(endpointNames), filters: filtersSchema, spans: z.array(spanSchema) };

/** What must be known of a list to tell which changes are those of its messages. */
const revisedShape = {
  key: z.string(),
  endpoint: z.enum(endpointNames),
  via: viaSchema,
  filters: filtersSchema,
  pageSize: countSchema.nullable(),
  cursor: cursorSchema,
  period,
  spans: z.array(spanSchema),
};

const plannedShape = {
  ...revisedShape,
  room: roomSchema,
  sinceMs: timeMs.nullable(),
  untilMs: timeMs.nullable(),
  isSought: z.boolean(),
  isNew: z.boolean(),
  mayReplace: z.boolean(),
  otherCursor: cursorSchema.nullable(),
  holes: z.array(knownHoleSchema),
} satisfies Readonly<Record<keyof PlannedStream, z.ZodType>>;

const journal = z.string();

const changesSchema = objectOf<RunChanges>()({
  journal,
  room: roomSchema,
  cursor: cursorSchema,
  known: z.record(z.string(), texts),
  isBehind: z.boolean(),
  isPart: z.boolean(),
  compared: z.enum(['restored', 'returned', 'reset', 'hidden-types', 'miscounted']).nullable(),
  revised: z.array(objectOf<PlannedChanges['revised'][number]>()(revisedShape)),
  former: z.array(objectOf<FormerList>()(formerShape)).exactOptional(),
});

const peopleSchema = objectOf<PlannedPeople>()({
  listsUsers: z.boolean(),
  listsMembers: z.boolean(),
  memberLists: z.array(objectOf<PlannedMemberList>()({ room: z.object(roomKey), seen: text })),
  unlisted: texts,
});

/** See RunPlan. */
export const runPlanSchema = objectOf<RunPlan>()({
  version: z.literal(runPlanVersion),
  run: countSchema,
  startedAt: z.string(),
  extractSha256: z.string(),
  tables: texts,
  server: objectOf<RunPlan['server']>()({
    url: z.string(),
    version: text,
    user: z.object({ id: z.string(), username: z.string() }),
  }),
  requestedBy: objectOf<RunPlan['requestedBy']>()({ host: text, user: text, roles: texts.nullable() }),
  streams: z.array(objectOf<RunStream>()({ ...plannedShape, journal })),
  changes: z.array(changesSchema),
  rereads: z.array(objectOf<RunReread>()({ ...plannedShape, journal, tables: texts })),
  changesFromMs: timeMs,
  silence: objectOf<RunPlan['silence']>()({ nowMs: timeMs, lookbackMs: z.number() }),
  unchanged: texts,
  listsOutsidePeriod: countSchema,
  hiddenTypes: objectOf<RunPlan['hiddenTypes']>()({ lists: countSchema, types: texts.nullable() }),
  gone: z.array(
    objectOf<GoneStream>()({ ...plannedShape, reason: z.enum(['room-gone', 'room-kind', 'room-renamed']) }),
  ),
  rooms: z.array(
    z.discriminatedUnion('op', [
      z.object({ op: z.literal('upsert'), room: roomSchema, digest: z.string() }),
      z.object({ op: z.literal('delete'), room: roomSchema }),
    ]),
  ),
  people: peopleSchema,
  withheld: z.array(roomSchema),
  seen: objectOf<RunPlan['seen']>()({
    channelsLeftOut: z.number().nullable(),
    unreadable: texts.nullable(),
    refused: texts,
    isOnlyGroups: z.literal(true).exactOptional(),
    discussions: texts,
    listed: countSchema,
    joined: countSchema.exactOptional(),
    leftOut: z.array(z.object({ ...roomKey, reason: z.enum(leftOutReasons) })),
  }),
  shard: objectOf<PlannedShard>()({
    index: countSchema,
    count: countSchema,
    otherRooms: countSchema,
    elsewhere: texts,
  }).exactOptional(),
}) satisfies z.ZodType<RunPlan>;
