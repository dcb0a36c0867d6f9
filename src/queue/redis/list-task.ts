import { z } from 'zod';
import { sha256 } from '../../archive/hash-file.ts';
import type { RunPlan } from '../../plan/run-plan.ts';
import { tool } from '../../version.ts';

/** A list that a worker is to read, as it stands in Redis: no name of a room, nothing of a login. */
export interface ListTask {
  /** Folder of the run in the spool. */
  readonly run: string;
  /** See listNumber. */
  readonly list: string;
}

/** Whoever writes to Redis could else lead a worker out of its spool. */
export const listTaskSchema = z.object({
  run: z.string().regex(/^[0-9a-f]{20}$/),
  list: z.string().regex(/^\d{4,10}$/),
}) satisfies z.ZodType<ListTask>;

/**
 * The queue of the lists that one login sees of one workspace, and that are filled in one spool: a worker of another login
 * would see other rooms, one of another version of this program may write other journals, and one of another spool would
 * fill them where no run looks. They never meet.
 *
 * @param spoolId see Spool
 */
export function queueName({ url, user }: Pick<RunPlan['server'], 'url' | 'user'>, spoolId: string): string {
  return sha256(JSON.stringify([tool.version, url, user.id, spoolId])).slice(0, 20);
}

/** Of a task: the same one when its run is resumed. */
export function taskId(run: string, list: string): string {
  return `${run}-${list}`;
}

/** What a worker says of its task while it is at work. */
export const taskProgressSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('alive') }),
  z.object({ kind: z.literal('resumed'), messages: z.number(), pages: z.number() }),
  z.object({
    kind: z.literal('page'),
    messages: z.number(),
    fillsHole: z.boolean(),
    total: z.number().nullable(),
  }),
]);

export type TaskProgress = z.infer<typeof taskProgressSchema>;

/** What a worker says of a task that is done: by endpoint, how many answers it has had. */
export const taskResultSchema = z.object({ requests: z.record(z.string(), z.number()) });

export type TaskResult = z.infer<typeof taskResultSchema>;
