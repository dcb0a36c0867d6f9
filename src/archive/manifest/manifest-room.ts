import { z } from 'zod';

/** A room as manifests name it. */
export interface ManifestRoom {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

export const manifestRoomSchema = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
}) satisfies z.ZodType<ManifestRoom>;
