import { z } from 'zod';
import { compactionSchema, exportSchema, keyManifestSchema, stateManifestSchema } from './manifest-schema.ts';
import { purgeSchema } from './purge-schema.ts';

/** A manifest of format version 3. */
export const manifestSchema = z.discriminatedUnion('kind', [
  exportSchema,
  compactionSchema,
  purgeSchema,
  stateManifestSchema,
  keyManifestSchema,
]);
