import { z } from 'zod';
import { manifestRoomSchema } from '../room/manifest-room-schema.ts';
import { countSchema } from '../../state/count-schema.ts';
import { leftOutReasons } from '../../state/left-out.ts';
import { runRangeSchema } from './completed-rows-schema.ts';
import {
  misplacements,
  unreadReasons,
  type Coverage,
  type FileCoverage,
  type Incomplete,
  type Outdated,
} from '../coverage.ts';

const reason = z.enum(leftOutReasons);

export const incompleteSchema = z.object({
  table: z.string(),
  format: z.string().nullable(),
  columns: z.array(z.string()).nullable(),
  runs: z.array(runRangeSchema),
  because: z.string(),
  rooms: z.array(manifestRoomSchema.extend({ reason: z.enum(unreadReasons) })).exactOptional(),
  roomCount: countSchema.exactOptional(),
}) satisfies z.ZodType<Incomplete>;

export const misplacedFilesSchema = z.object({
  count: countSchema,
  first: z.array(z.object({ path: z.string(), problem: z.enum(misplacements) })),
}) satisfies z.ZodType<NonNullable<Coverage['misplacedFiles']>>;

const fileCoverageSchema = z.object({
  saved: countSchema,
  savedBytes: countSchema,
  notSaved: z.record(z.string(), countSchema),
  named: z.array(
    z.object({
      fileId: z.string(),
      roomId: z.string().nullable(),
      name: z.string().nullable(),
      status: z.string(),
      error: z.string().nullable(),
    }),
  ),
}) satisfies z.ZodType<FileCoverage>;

export const outdatedSchema = incompleteSchema.pick({
  table: true,
  runs: true,
  because: true,
  rooms: true,
  roomCount: true,
}) satisfies z.ZodType<Outdated>;

/** See Coverage. */
export const coverageSchema = z.object({
  rooms: z.object({
    seen: countSchema,
    joined: countSchema.exactOptional(),
    read: countSchema,
    failed: countSchema.exactOptional(),
    otherShards: countSchema.exactOptional(),
    leftOut: z.record(reason, countSchema.nullable()),
    mentions: z.object({ rooms: countSchema, isAll: z.boolean() }).exactOptional(),
  }),
  changed: z.array(
    z.object({
      room: manifestRoomSchema,
      before: reason.nullable(),
      now: reason.nullable(),
    }),
  ),
  encryptedMessages: countSchema,
  filesNotDownloaded: countSchema,
  files: fileCoverageSchema.exactOptional(),
  listsOutsidePeriod: countSchema.exactOptional(),
  hiddenTypes: z.object({ lists: countSchema, types: z.array(z.string()).nullable() }).exactOptional(),
  incomplete: z.array(incompleteSchema).exactOptional(),
  misplacedFiles: misplacedFilesSchema.exactOptional(),
  outdated: z.array(outdatedSchema).exactOptional(),
}) satisfies z.ZodType<Coverage>;
