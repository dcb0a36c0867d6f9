import { z } from 'zod';
import { manifestRoomSchema } from './room/manifest-room-schema.ts';
import { runNumberSchema, countSchema } from '../state/count-schema.ts';
import { completedRowsSchema } from './completed-rows-schema.ts';
import { coverageSchema } from './coverage-schema.ts';
import { keyMeanings as about } from './key-meanings.ts';
import { filtersSchema, periodSchema, requestSchema, viaSchema } from './request/request-schema.ts';
import type {
  CompactionManifest,
  HashedFile,
  KeyManifest,
  Manifest,
  ManifestChanges,
  ManifestFile,
  ManifestList,
  StateManifest,
} from './manifest.ts';
import type { StateChange } from '../state/recorded-change.ts';
import { decodePublicKey } from '../../signature/public-key.ts';
import { isArchivePath } from '../paths.ts';
import { isAttachmentPath } from '../paths/attachment-path.ts';
import { isDataFilePath, isEarlierDataFilePath } from '../paths/data-file-path.ts';
import { sortedRecord } from '../sorted-record.ts';
import {
  changesStateSchema,
  holeShape,
  leftOutSchema,
  listStateSchema,
  memberListSchema,
  membershipSchema,
  shardStateSchema,
  userSchema,
} from '../state/state-schema.ts';

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hex');
const attachmentPath = z.string().refine(isAttachmentPath, 'expected a file in a folder of "_files"');
const archivePath = z.string().refine(isArchivePath, 'expected a path inside the archive');

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
export const signerSchema = z.object({
  publicKey,
  previousKey: publicKey.exactOptional(),
  timestamp: z.literal(true).exactOptional(),
});

export const toolSchema = z.object({ name: z.string(), version: z.string() });
export const gapShape = { reason: z.string(), message: z.string() };

const mark = z.object({ id: z.string(), ts: z.string() }).nullable();

export const completenessSchema = z.object({
  pages: countSchema,
  messages: countSchema,
  versions: countSchema,
  first: mark,
  last: mark,
  totalAtFirstPage: countSchema.nullable(),
  totalAtLastPage: countSchema.nullable(),
  overlapsVerified: countSchema,
  pagesRefetched: countSchema,
  countedEnds: countSchema.exactOptional(),
});

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

export const stepSchema = z.object({
  step: z.string(),
  settings: z.record(z.string(), z.unknown()),
  dropped: countSchema,
});

export const runServerSchema = z.object({
  url: z.string(),
  version: z.string().nullable(),
  user: z.object({ id: z.string(), username: z.string() }),
});

export const requestsSchema = sortedRecord(
  z.object({ requests: countSchema, retries: countSchema, rateLimited: countSchema, waitedMs: countSchema }),
);

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

export const manifestListSchema = z.object({
  endpoint: z.string(),
  room: manifestRoomSchema,
  via: viaSchema,
  filters: filtersSchema,
  period: periodSchema.exactOptional(),
  exported: countSchema,
  completeness: completenessSchema,
  gaps: z.array(z.object(gapShape)),
  holes: z.array(z.object(holeShape)),
}) satisfies z.ZodType<ManifestList>;

export const manifestChangesSchema = z.object({
  endpoint: z.string(),
  room: manifestRoomSchema,
  since: z.string(),
  exported: countSchema,
  completeness: completenessSchema,
  gaps: z.array(z.object(gapShape)),
}) satisfies z.ZodType<ManifestChanges>;

export const exportSchema = z
  .object({
    version: z.literal(3).describe(about.version),
    run: runNumberSchema.describe(about.run),
    kind: z.literal('export').describe(about.kind),
    tool: toolSchema.describe(about.tool),
    schemaVersion: countSchema.describe(about.schemaVersion),
    job: z.object({ name: z.string(), sha256: sha256Schema }).describe(about.job),
    server: runServerSchema.describe(about.server),
    request: requestSchema.describe(about.request).exactOptional(),
    startedAt: z.string().describe(about.startedAt),
    finishedAt: z.string().describe(about.finishedAt),
    previous: link.nullable().describe(about.previous),
    gaps: z.array(z.object({ endpoint: z.string(), room: manifestRoomSchema, ...gapShape })).describe(about.gaps),
    notes: z.array(z.string()).describe(about.notes),
    tables: sortedRecord(countSchema).describe(about.tables),
    steps: z.array(stepSchema).describe(about.steps),
    files: z.array(dataFileSchema).describe(about.files),
    attachments: z
      .array(hashedFileSchema.extend({ path: attachmentPath }))
      .describe(about.attachments)
      .exactOptional(),
    raw: z.array(hashedFileSchema).describe(about.raw),
    badFields: sortedRecord(countSchema).describe(about.badFields),
    badColumns: sortedRecord(sortedRecord(countSchema)).describe(about.badColumns).exactOptional(),
    requests: requestsSchema.describe(about.requests),
    lists: z.array(manifestListSchema).describe(about.lists),
    changes: z.array(manifestChangesSchema).describe(about.changes),
    unchanged: countSchema.describe(about.unchanged),
    coverage: coverageSchema.describe(about.coverage).exactOptional(),
    completed: z.array(completedRowsSchema).describe(about.completed).exactOptional(),
    refilled: z.object({ rows: countSchema, because: z.string() }).describe(about.refilled).exactOptional(),
    signer: signerSchema.describe(about.signer).exactOptional(),
    state: stateChangeSchema.describe(about.state),
  })
  .superRefine(checkFiles) satisfies z.ZodType<Manifest>;

export const compactedSchema = z.object({
  table: z.string(),
  format: z.string(),
  extension: z.string(),
  rowsBefore: countSchema,
  rowsAfter: countSchema,
});

export const replacedSchema = z.object({ path: archivePath, sha256: sha256Schema });

export const compactionSchema = z
  .object({
    version: z.literal(3).describe(about.version),
    run: z.int().min(2).describe(about.run),
    kind: z.literal('compaction').describe(about.kind),
    tool: toolSchema.describe(about.tool),
    schemaVersion: countSchema.describe(about.schemaVersion),
    startedAt: z.string().describe(about.startedAt),
    finishedAt: z.string().describe(about.finishedAt),
    previous: link.describe(about.previous),
    keeps: z.enum(['all', 'latest']).describe(about.keeps),
    notes: z.array(z.string()).describe(about.notes),
    compacted: z.array(compactedSchema).describe(about.compacted),
    dropped: sortedRecord(countSchema).describe(about.dropped),
    files: z.array(dataFileSchema).describe(about.files),
    replaces: z.array(replacedSchema).describe(about.replaces),
    numbers: hashedFileSchema.describe(about.numbers).exactOptional(),
    signer: signerSchema.describe(about.signer).exactOptional(),
    state: stateChangeSchema.describe(about.state),
  })
  .superRefine(checkFiles)
  .superRefine(checkReplaced) satisfies z.ZodType<CompactionManifest>;

/** A link without rows. */
function bareSchema<Kind extends 'state' | 'key'>(kind: Kind) {
  return z.object({
    version: z.literal(3).describe(about.version),
    run: z.int().min(2).describe(about.run),
    kind: z.literal(kind).describe(about.kind),
    tool: toolSchema.describe(about.tool),
    startedAt: z.string().describe(about.startedAt),
    finishedAt: z.string().describe(about.finishedAt),
    previous: link.describe(about.previous),
    signer: signerSchema.describe(about.signer).exactOptional(),
    state: stateChangeSchema.describe(about.state),
  });
}

export const stateManifestSchema = bareSchema('state').extend({
  refill: z.literal(true).describe(about.refill).exactOptional(),
}) satisfies z.ZodType<StateManifest>;
export const keyManifestSchema = bareSchema('key') satisfies z.ZodType<KeyManifest>;
