import { z } from 'zod';
import { keyManifestSchema, stateManifestSchema } from './bare-schema.ts';
import { compactionSchema } from './compaction-schema.ts';
import { exportSchema } from './export-schema.ts';
import { purgeSchema } from './purge-schema.ts';

/** A manifest of format version 3. */
export const manifestSchema = z.discriminatedUnion('kind', [
  exportSchema,
  compactionSchema,
  purgeSchema,
  stateManifestSchema,
  keyManifestSchema,
]);
