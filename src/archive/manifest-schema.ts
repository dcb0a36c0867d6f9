import { z } from 'zod';
import type { CompactionManifest, HashedFile, Manifest, ManifestFile, StateChange, StateManifest } from './manifest.ts';
import { isArchivePath, isDataFilePath, isEarlierDataFilePath } from './paths.ts';
import { changesStateSchema, count, holeShape, listStateSchema, sortedRecord } from './state-schema.ts';

export const runNumber = z.int().min(1);
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hex');
const archivePath = z.string().refine(isArchivePath, 'expected a path inside the archive');

export const hashedFileSchema = z.object({
  path: archivePath,
  sizeBytes: count,
  sha256: sha256Schema,
}) satisfies z.ZodType<HashedFile>;

export const dataFileSchema = z.object({
  path: archivePath,
  table: z.string(),
  format: z.string(),
  rows: count,
  revises: z.literal(true).exactOptional(),
  sizeBytes: count,
  sha256: sha256Schema,
}) satisfies z.ZodType<ManifestFile>;

const link = z.object({ path: archivePath, sha256: sha256Schema });
export const toolSchema = z.object({ name: z.string(), version: z.string() });
export const roomSchema = z.object({ id: z.string(), name: z.string(), type: z.string() });
export const gapShape = { reason: z.string(), message: z.string() };

export const filtersSchema = z.object({
  mentionIds: z.array(z.string()).exactOptional(),
  starredIds: z.array(z.string()).exactOptional(),
  pinned: z.boolean().exactOptional(),
});

const mark = z.object({ id: z.string(), ts: z.string() }).nullable();

export const proofSchema = z.object({
  pages: count,
  messages: count,
  versions: count,
  first: mark,
  last: mark,
  totalAtFirstPage: count.nullable(),
  totalAtLastPage: count.nullable(),
  seamsChecked: count,
  seamsRepaired: count,
});

const stateChangeSchema = z.object({
  sha256: sha256Schema,
  base: z.enum(['empty', 'previous']),
  longestPage: count,
  lists: sortedRecord(listStateSchema.nullable()),
  changes: sortedRecord(changesStateSchema.nullable()),
  rooms: sortedRecord(z.string().nullable()),
  reset: z.union([z.literal('all'), z.array(z.string())]),
}) satisfies z.ZodType<StateChange>;

export const stepSchema = z.object({ step: z.string(), settings: z.record(z.string(), z.unknown()), dropped: count });

export const serverSchema = z.object({
  url: z.string(),
  version: z.string().nullable(),
  user: z.object({ id: z.string(), username: z.string() }),
});

export const requestsSchema = sortedRecord(
  z.object({ requests: count, retries: count, rateLimited: count, waitedMs: count }),
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

export const exportSchema = z
  .object({
    version: z.literal(2),
    run: runNumber,
    kind: z.literal('export'),
    tool: toolSchema,
    schemaVersion: count,
    job: z.object({ name: z.string(), sha256: sha256Schema }),
    server: serverSchema,
    startedAt: z.string(),
    finishedAt: z.string(),
    previous: link.nullable(),
    gaps: z.array(z.object({ endpoint: z.string(), room: roomSchema, ...gapShape })),
    notes: z.array(z.string()),
    tables: sortedRecord(count),
    steps: z.array(stepSchema),
    files: z.array(dataFileSchema),
    raw: z.array(hashedFileSchema),
    badFields: sortedRecord(count),
    requests: requestsSchema,
    lists: z.array(
      z.object({
        endpoint: z.string(),
        room: roomSchema,
        via: z.enum(['messages', 'history']),
        filters: filtersSchema,
        exported: count,
        proof: proofSchema,
        gaps: z.array(z.object(gapShape)),
        holes: z.array(z.object(holeShape)),
      }),
    ),
    changes: z.array(
      z.object({
        endpoint: z.string(),
        room: roomSchema,
        since: z.string(),
        exported: count,
        proof: proofSchema,
        gaps: z.array(z.object(gapShape)),
      }),
    ),
    unchanged: count,
    state: stateChangeSchema,
  })
  .superRefine(checkFiles) satisfies z.ZodType<Manifest>;

export const compactedSchema = z.object({
  table: z.string(),
  format: z.string(),
  extension: z.string(),
  rowsBefore: count,
  rowsAfter: count,
});

export const replacedSchema = z.object({ path: archivePath, sha256: sha256Schema });

export const compactionSchema = z
  .object({
    version: z.literal(2),
    run: z.int().min(2),
    kind: z.literal('compaction'),
    tool: toolSchema,
    schemaVersion: count,
    startedAt: z.string(),
    finishedAt: z.string(),
    previous: link,
    keeps: z.enum(['all', 'latest']),
    notes: z.array(z.string()),
    compacted: z.array(compactedSchema),
    dropped: sortedRecord(count),
    files: z.array(dataFileSchema),
    replaces: z.array(replacedSchema),
    state: stateChangeSchema,
  })
  .superRefine(checkFiles)
  .superRefine(checkReplaced) satisfies z.ZodType<CompactionManifest>;

export const stateManifestSchema = z.object({
  version: z.literal(2),
  run: z.int().min(2),
  kind: z.literal('state'),
  tool: toolSchema,
  startedAt: z.string(),
  finishedAt: z.string(),
  previous: link,
  state: stateChangeSchema,
}) satisfies z.ZodType<StateManifest>;

/** A manifest of format version 2. */
export const manifestSchema = z.discriminatedUnion('kind', [exportSchema, compactionSchema, stateManifestSchema]);
