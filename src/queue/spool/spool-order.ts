import { z } from 'zod';
import { JsonShapeError, parseJson, parseShape } from '../../archive/json-shape.ts';
import { OutputError } from '../../errors.ts';
import type { RunPlan } from '../../plan/run-plan.ts';
import { runPlanSchema } from '../../plan/stored/run-plan-schema.ts';

/** What a run has its workers read, as a file of its spool. It holds no secret: a worker has its login from its own environment. */
export interface SpoolOrder {
  /** Host and archive of the run: its next one clears away what this one left, should it never be resumed. */
  readonly host: string | null;
  readonly archive: string;
  /** Rows of the longest page that the server has given; 0: none yet. */
  readonly longestPage: { readonly rows: number };
  readonly runPlan: RunPlan;
}

const orderSchema = z.object({
  host: z.string().nullable(),
  archive: z.string(),
  longestPage: z.object({ rows: z.number() }),
  runPlan: runPlanSchema,
}) satisfies z.ZodType<SpoolOrder>;

export function spoolOrderText(order: SpoolOrder): string {
  return `${JSON.stringify(order)}\n`;
}

/** @throws OutputError for anything but an order of this version of the program */
export function parseSpoolOrder(path: string, text: Buffer): SpoolOrder {
  try {
    return parseShape(orderSchema, parseJson(text));
  } catch (cause) {
    if (!(cause instanceof JsonShapeError)) throw cause;
    throw new OutputError(`Cannot read what a run has its workers read: "${path}" is damaged`, {
      cause,
      hint: 'The run reads by itself what no worker reads; worker and run must be of one version',
    });
  }
}
