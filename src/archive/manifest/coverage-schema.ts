import { z } from 'zod';
import { leftOutReasons } from '../state/left-out.ts';
import { countSchema } from '../state/state-schema.ts';
import { runRangeSchema } from './completed-rows-schema.ts';
import type { Coverage, Incomplete } from './coverage.ts';

const reason = z.enum(leftOutReasons);

export const incompleteSchema = z.object({
  table: z.string(),
  format: z.string().nullable(),
  columns: z.array(z.string()).nullable(),
  runs: z.array(runRangeSchema),
  because: z.string(),
}) satisfies z.ZodType<Incomplete>;

/** See Coverage. */
export const coverageSchema = z.object({
  rooms: z.object({ seen: countSchema, read: countSchema, leftOut: z.record(reason, countSchema.nullable()) }),
  changed: z.array(
    z.object({
      room: z.object({ id: z.string(), name: z.string(), type: z.string() }),
      before: reason.nullable(),
      now: reason.nullable(),
    }),
  ),
  encryptedMessages: countSchema,
  filesNotDownloaded: countSchema,
  listsOutsidePeriod: countSchema.exactOptional(),
  hiddenTypes: z.object({ lists: countSchema, types: z.array(z.string()).nullable() }).exactOptional(),
  incomplete: z.array(incompleteSchema).exactOptional(),
}) satisfies z.ZodType<Coverage>;
