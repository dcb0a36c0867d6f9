import { z } from 'zod';
import { leftOutReasons } from '../state/left-out.ts';
import { countSchema } from '../state/state-schema.ts';
import type { Coverage } from './coverage.ts';

const reason = z.enum(leftOutReasons);

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
}) satisfies z.ZodType<Coverage>;
