import { z } from 'zod';
import { manifestSchema } from './schema/manifest-schema.ts';

/** Rules that JSON Schema cannot say: for whoever reads the schema instead of this program. */
const description =
  'A file `_manifest/run-NNNNNN.json` of an archive, format version 3: a run (`export`), a compaction, a purge, a reset of the state, or a change of the key that signs. Keys that are not named here may be added; pass over them. Not in this schema: the path of a file lies in the folder of its table and bears the number of its run, and `replaces` names files of earlier runs only.';

/** The JSON Schema (2020-12) of the manifests that this program writes. */
export function manifestJsonSchema(): object {
  const schema = z.toJSONSchema(manifestSchema, { target: 'draft-2020-12', io: 'input' });
  return { ...schema, title: 'Manifest of an archive of rocketchat-export', description };
}
