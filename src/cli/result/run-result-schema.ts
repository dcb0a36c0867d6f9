import { z } from 'zod';
import {
  incompleteSchema,
  misplacedFilesSchema,
  outdatedSchema,
} from '../../archive/manifest/schema/coverage-schema.ts';
import { leftOutReasons } from '../../archive/state/left-out.ts';
import { mostNamed, type RunResult } from './run-result.ts';

const count = z.int().nonnegative();
const reason = z.enum(leftOutReasons);
const room = z.strictObject({ id: z.string(), name: z.string(), type: z.string() });
const changedRooms = z.strictObject({ count, rooms: z.array(room).max(mostNamed) });

/** See RunResult. */
export const runResultSchema = z.strictObject({
  version: z.literal(1),
  job: z.string(),
  status: z.enum(['published', 'failed']),
  exitCode: count,
  archive: z.string().nullable(),
  run: count.nullable(),
  durationMs: count,
  messages: count,
  mentions: count,
  changes: count,
  rows: z.record(z.string(), count),
  gaps: z.strictObject({
    count,
    first: z
      .array(z.strictObject({ endpoint: z.string(), room, reason: z.string(), message: z.string() }))
      .max(mostNamed),
  }),
  coverage: z
    .strictObject({
      rooms: z.strictObject({
        seen: count,
        joined: count.exactOptional(),
        read: count,
        failed: count.exactOptional(),
        otherShards: count.exactOptional(),
        leftOut: z.record(reason, count.nullable()),
        mentions: z.strictObject({ rooms: count, isAll: z.boolean() }).exactOptional(),
      }),
      changed: z.partialRecord(z.enum(['read', ...leftOutReasons]), changedRooms),
      encryptedMessages: count,
      filesNotDownloaded: count,
      listsOutsidePeriod: count.exactOptional(),
      hiddenTypes: z.strictObject({ lists: count, types: z.array(z.string()).nullable() }).exactOptional(),
      incomplete: z.array(incompleteSchema).exactOptional(),
      misplacedFiles: misplacedFilesSchema.exactOptional(),
      outdated: z.array(outdatedSchema).exactOptional(),
      badFields: z.record(z.string(), count),
      badColumns: z.record(z.string(), z.record(z.string(), count)).exactOptional(),
    })
    .nullable(),
  notes: z.array(z.string()),
  files: z.strictObject({ count, sizeBytes: count }),
  manifest: z.strictObject({ path: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }).nullable(),
  error: z.strictObject({ kind: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
}) satisfies z.ZodType<RunResult>;

/** The JSON Schema (2020-12) of the lines that `--json` prints of runs. */
export function runResultJsonSchema(): object {
  const schema = z.toJSONSchema(runResultSchema, { target: 'draft-2020-12', io: 'input' });
  const description =
    'A line that run, export, demo and schedule print with --json: what one run of one job came to. `manifest` names the file that holds all the rest, every list, file and gap.';
  return { ...schema, title: 'Result of a run of rocketchat-export', description };
}
