import { z } from 'zod';
import type { EmitState } from './emit-state.ts';

/** What a target hands back: never that nothing was emitted. Not beside the type, which is public and knows no zod. */
export const emitStateSchema = z.object({
  run: z.int().min(1),
  manifest_sha256: z.string().regex(/^[0-9a-f]{64}$/),
  versions: z.record(z.string(), z.int().min(1)),
}) satisfies z.ZodType<EmitState>;
