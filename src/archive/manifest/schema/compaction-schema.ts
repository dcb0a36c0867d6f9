import { z } from 'zod';
import { isEarlierDataFilePath } from '../../paths/data-file-path.ts';
import { countSchema } from '../../state/count-schema.ts';
import { keyMeanings as about } from '../key-meanings.ts';
import type { CompactionManifest } from '../manifest.ts';
import { checkFiles, laterLinkKeys, linkEnd, linkKeys, linkTimes } from './link-keys.ts';
import { replacedKeys, rewrittenKeys } from './rewritten-keys.ts';

/** They will be removed: nothing but data files of runs before this may be named. */
export function checkReplaced(
  { run, replaces }: { readonly run: number; readonly replaces: readonly { readonly path: string }[] },
  context: z.RefinementCtx,
): void {
  replaces.forEach(({ path }, index) => {
    if (isEarlierDataFilePath(path, run)) return;
    const message = `expected a data file from before run ${run}`;
    context.addIssue({ code: 'custom', path: ['replaces', index, 'path'], message });
  });
}

export const compactionSchema = z
  .object({
    ...linkKeys('compaction'),
    run: laterLinkKeys.run,
    schemaVersion: countSchema.describe(about.schemaVersion),
    ...linkTimes,
    previous: laterLinkKeys.previous,
    keeps: z.enum(['all', 'latest']).describe(about.keeps),
    notes: z.array(z.string()).describe(about.notes),
    ...rewrittenKeys,
    replaces: replacedKeys.replaces,
    numbers: replacedKeys.numbers,
    ...linkEnd,
  })
  .superRefine(checkFiles)
  .superRefine(checkReplaced) satisfies z.ZodType<CompactionManifest>;
