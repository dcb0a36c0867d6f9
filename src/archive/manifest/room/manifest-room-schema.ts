import { z } from 'zod';
import type { ManifestRoom } from './manifest-room.ts';

/** Apart from the type, which is public: whoever uses the library has no zod. */
export const manifestRoomSchema = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
}) satisfies z.ZodType<ManifestRoom>;
