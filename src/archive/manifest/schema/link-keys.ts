import { z } from 'zod';
import { decodePublicKey } from '../../../signature/public-key.ts';
import { isArchivePath } from '../../paths.ts';
import { isDataFilePath } from '../../paths/data-file-path.ts';
import { sortedRecord } from '../../sorted-record.ts';
import { countSchema, runNumberSchema } from '../../state/count-schema.ts';
import type { StateChange } from '../../state/recorded-change.ts';
import {
  changesStateSchema,
  leftOutSchema,
  listStateSchema,
  memberListSchema,
  membershipSchema,
  shardStateSchema,
  userSchema,
} from '../../state/state-schema.ts';
import { keyMeanings as about } from '../key-meanings.ts';
import type { HashedFile, ManifestFile } from '../manifest.ts';

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hex');
export const archivePath = z.string().refine(isArchivePath, 'expected a path inside the archive');

export const hashedFileSchema = z.object({
  path: archivePath,
  sizeBytes: countSchema,
  sha256: sha256Schema,
}) satisfies z.ZodType<HashedFile>;

export const dataFileSchema = z.object({
  path: archivePath,
  table: z.string(),
  format: z.string(),
  rows: countSchema,
  mayReplace: z.literal(true).exactOptional(),
  earlier: z.literal(true).exactOptional(),
  sizeBytes: countSchema,
  sha256: sha256Schema,
}) satisfies z.ZodType<ManifestFile>;

export const link = z.object({ path: archivePath, sha256: sha256Schema });

const publicKey = z.string().refine((text) => decodePublicKey(text) !== undefined, 'expected an Ed25519 public key');
const signerSchema = z.object({
  publicKey,
  previousKey: publicKey.exactOptional(),
  timestamp: z.literal(true).exactOptional(),
});

export const toolSchema = z.object({ name: z.string(), version: z.string() });
export const stateChangeSchema = z.object({
  sha256: sha256Schema,
  purges: z.array(runNumberSchema).exactOptional(),
  shard: shardStateSchema.exactOptional(),
  base: z.enum(['empty', 'previous']),
  longestPage: countSchema,
  lists: sortedRecord(listStateSchema.nullable()),
  changes: sortedRecord(changesStateSchema.nullable()),
  rooms: sortedRecord(z.string().nullable()),
  leftOut: sortedRecord(leftOutSchema.nullable()).exactOptional(),
  users: sortedRecord(userSchema.nullable()).exactOptional(),
  memberLists: sortedRecord(memberListSchema.nullable()).exactOptional(),
  memberships: sortedRecord(membershipSchema.nullable()).exactOptional(),
  reset: z.union([z.literal('all'), z.array(z.string())]),
}) satisfies z.ZodType<StateChange>;

/** That no file lies elsewhere than in its table's folder under a name of its run: nothing else may be published. */
export function checkFiles(
  { run, files }: { readonly run: number; readonly files: readonly ManifestFile[] },
  context: z.RefinementCtx,
): void {
  files.forEach(({ path, table }, index) => {
    if (isDataFilePath(path, table, run)) return;
    const message = `expected a file of run ${run} in "${table}"`;
    context.addIssue({ code: 'custom', path: ['files', index, 'path'], message });
  });
}

/** What every kind of link begins with. */
export function linkKeys<Kind extends string>(kind: Kind) {
  return {
    version: z.literal(3).describe(about.version),
    run: runNumberSchema.describe(about.run),
    kind: z.literal(kind).describe(about.kind),
    tool: toolSchema.describe(about.tool),
  };
}

export const linkTimes = {
  startedAt: z.string().describe(about.startedAt),
  finishedAt: z.string().describe(about.finishedAt),
};

/** Of what cannot be the first link of a chain. */
export const laterLinkKeys = {
  run: z.int().min(2).describe(about.run),
  previous: link.describe(about.previous),
};

/** What every kind of link ends with. */
export const linkEnd = {
  signer: signerSchema.describe(about.signer).exactOptional(),
  state: stateChangeSchema.describe(about.state),
};
