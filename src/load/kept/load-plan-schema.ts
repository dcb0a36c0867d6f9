import { z } from 'zod';
import { sinksSchema } from '../../job/schema/sinks-schema.ts';
import { partitions } from '../../job/job.ts';
import { tableNames } from '../../model/table-name.ts';
import { runPlanSchema } from '../../plan/stored/run-plan-schema.ts';

/** Of what is written beside kept journals. */
export const keptLoadPlanVersion = 1;

const written = { use: z.string(), options: z.record(z.string(), z.unknown()) };

/** As `stepWithoutSecrets` writes them. */
const stepSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('dropSystemMessages') }),
  z.object({ kind: z.literal('period'), sinceMs: z.number().nullable(), untilMs: z.number().nullable() }),
  z.object({ kind: z.literal('dropColumns'), columns: z.array(z.string()) }),
  z.object({ kind: z.literal('pseudonymize'), key: z.string() }),
  z.object({ kind: z.literal('use'), ...written }),
]);

/**
 * What the load of a run needs beside its journals and the archive before it. Of a key it has the fingerprint, of a plug-in
 * the options as the job file writes them. What was known of people, and what was purged, is in the chain of manifests.
 */
export const keptLoadPlanSchema = z.object({
  version: z.literal(keptLoadPlanVersion),
  runPlan: runPlanSchema,
  transform: z.object({
    tables: z.array(z.enum(tableNames)),
    md: z.literal('json').exactOptional(),
    steps: z.array(stepSchema).exactOptional(),
  }),
  sinks: sinksSchema,
  partition: z.enum(partitions),
  rowsPerFile: z.number(),
  openParts: z.number(),
  jobSha256: z.string(),
  savesFiles: z.boolean(),
  /** Ids and names: what was in no purge, and what of it stood in the archive, may have gone since. */
  held: z.object({ rooms: z.array(z.string()), users: z.array(z.string()) }).exactOptional(),
  metadata: z.record(z.string(), z.string()),
});

/** See keptLoadPlanSchema. */
export type KeptLoadPlan = z.infer<typeof keptLoadPlanSchema>;
