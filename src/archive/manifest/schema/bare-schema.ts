import { z } from 'zod';
import { keyMeanings as about } from '../key-meanings.ts';
import type { KeyManifest, StateManifest } from '../manifest.ts';
import { laterLinkKeys, linkEnd, linkKeys, linkTimes } from './link-keys.ts';

/** A link without rows. */
function bareSchema<Kind extends 'state' | 'key'>(kind: Kind) {
  return z.object({
    ...linkKeys(kind),
    run: laterLinkKeys.run,
    ...linkTimes,
    previous: laterLinkKeys.previous,
    ...linkEnd,
  });
}

export const stateManifestSchema = bareSchema('state').extend({
  refill: z.literal(true).describe(about.refill).exactOptional(),
}) satisfies z.ZodType<StateManifest>;
export const keyManifestSchema = bareSchema('key') satisfies z.ZodType<KeyManifest>;
