import { z } from 'zod';
import { countSchema } from '../../state/count-schema.ts';
import type { PurgeRule } from '../../../model/run/purge-rule.ts';
import { isEarlierDataFilePath } from '../../paths/data-file-path.ts';
import { keptJournalPlace } from '../../paths/kept-journal-path.ts';
import { isAttachmentPath } from '../../paths/attachment-path.ts';
import { keyMeanings as about } from '../key-meanings.ts';
import type { PurgeManifest } from '../manifest.ts';
import { checkFiles, hashedFileSchema, laterLinkKeys, linkEnd, linkKeys, linkTimes } from './link-keys.ts';
import { replacedKeys, rewrittenKeys } from './rewritten-keys.ts';

const ruleSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('messages'), key: z.string(), hashes: z.array(z.string()) }),
  z.object({
    kind: z.literal('user'),
    key: z.string(),
    hash: z.string(),
    names: z.array(z.string()).exactOptional(),
    until: z.iso.datetime(),
    pseudonymKey: z.string().exactOptional(),
  }),
  z.object({
    kind: z.literal('before'),
    before: z.iso.datetime(),
    heldRooms: z.array(z.string()),
    heldUsers: z.array(z.string()),
    pseudonymKey: z.string().exactOptional(),
  }),
]) satisfies z.ZodType<PurgeRule>;

/** They are removed: nothing but data files and journals of links before this may be named. */
export function checkPurged(
  { run, replaces, raw }: Pick<PurgeManifest, 'run' | 'replaces' | 'raw'>,
  context: z.RefinementCtx,
): void {
  replaces.forEach(({ path }, index) => {
    if (isAttachmentPath(path) || isEarlierDataFilePath(path, run) || (keptJournalPlace(path)?.run ?? run) < run)
      return;
    const message = `expected a data file, a journal or a file of a message from before run ${run}`;
    context.addIssue({ code: 'custom', path: ['replaces', index, 'path'], message });
  });
  raw.forEach(({ path }, index) => {
    const place = keptJournalPlace(path);
    if (place !== undefined && place.run < run && place.purge === run) return;
    const message = `expected a journal of a run before ${run}, with this number in its name`;
    context.addIssue({ code: 'custom', path: ['raw', index, 'path'], message });
  });
}

export const purgeSchema = z
  .object({
    ...linkKeys('purge'),
    run: laterLinkKeys.run,
    schemaVersion: countSchema.describe(about.schemaVersion),
    ...linkTimes,
    previous: laterLinkKeys.previous,
    reason: z.string().describe(about.reason),
    by: z.string().describe(about.by),
    job: z.string().describe(about.retainingJob).exactOptional(),
    rules: z.array(ruleSchema).describe(about.rules),
    messages: countSchema.describe(about.messages),
    notes: z.array(z.string()).describe(about.notes),
    ...rewrittenKeys,
    raw: z.array(hashedFileSchema).describe(about.raw),
    numbers: replacedKeys.numbers,
    replaces: replacedKeys.replaces,
    ...linkEnd,
  })
  .superRefine(checkFiles)
  .superRefine(checkPurged) satisfies z.ZodType<PurgeManifest>;
