import { z } from 'zod';
import { countSchema, runNumberSchema } from '../../state/count-schema.ts';
import type { CompletedRows, RunRange } from '../completed-rows.ts';

export const runRangeSchema = z.object({ from: runNumberSchema, to: runNumberSchema }) satisfies z.ZodType<RunRange>;

/** See CompletedRows. */
export const completedRowsSchema = z.object({
  table: z.string(),
  format: z.string(),
  extension: z.string(),
  runs: z.array(runRangeSchema),
  rows: countSchema,
  source: z.literal('raw').exactOptional(),
}) satisfies z.ZodType<CompletedRows>;
