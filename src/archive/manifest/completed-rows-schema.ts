import { z } from 'zod';
import { countSchema } from '../state/state-schema.ts';
import type { CompletedRows, RunRange } from './completed-rows.ts';

const runNumber = z.int().min(1);

export const runRangeSchema = z.object({ from: runNumber, to: runNumber }) satisfies z.ZodType<RunRange>;

/** See CompletedRows. */
export const completedRowsSchema = z.object({
  table: z.string(),
  format: z.string(),
  extension: z.string(),
  runs: z.array(runRangeSchema),
  rows: countSchema,
  source: z.literal('raw').exactOptional(),
}) satisfies z.ZodType<CompletedRows>;
