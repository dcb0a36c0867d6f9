import { z } from 'zod';
import { sortedRecord } from '../../sorted-record.ts';
import { countSchema } from '../../state/count-schema.ts';
import { keyMeanings as about } from '../key-meanings.ts';
import { archivePath, dataFileSchema, hashedFileSchema, sha256Schema } from './link-keys.ts';

export const compactedSchema = z.object({
  table: z.string(),
  format: z.string(),
  extension: z.string(),
  rowsBefore: countSchema,
  rowsAfter: countSchema,
});

export const replacedSchema = z.object({ path: archivePath, sha256: sha256Schema });

/** What a link says that wrote files of earlier links anew, and what they are in place of. Kinds have them in different orders. */
export const rewrittenKeys = {
  compacted: z.array(compactedSchema).describe(about.compacted),
  dropped: sortedRecord(countSchema).describe(about.dropped),
  files: z.array(dataFileSchema).describe(about.files),
};
export const replacedKeys = {
  replaces: z.array(replacedSchema).describe(about.replaces),
  numbers: hashedFileSchema.describe(about.numbers).exactOptional(),
};
