import { z } from 'zod';
import { isAttachmentPath } from '../../paths/attachment-path.ts';
import { sortedRecord } from '../../sorted-record.ts';
import { countSchema } from '../../state/count-schema.ts';
import { holeShape } from '../../state/state-schema.ts';
import { keyMeanings as about } from '../key-meanings.ts';
import type { Manifest, ManifestChanges, ManifestList } from '../manifest.ts';
import { filtersSchema, periodSchema, requestSchema, viaSchema } from '../request/request-schema.ts';
import { manifestRoomSchema } from '../room/manifest-room-schema.ts';
import { completedRowsSchema } from './completed-rows-schema.ts';
import { coverageSchema } from './coverage-schema.ts';
import {
  checkFiles,
  dataFileSchema,
  hashedFileSchema,
  link,
  linkEnd,
  linkKeys,
  linkTimes,
  sha256Schema,
} from './link-keys.ts';

const attachmentPath = z.string().refine(isAttachmentPath, 'expected a file in a folder of "_files"');
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
    ...linkKeys('export'),
    schemaVersion: countSchema.describe(about.schemaVersion),
    job: z.object({ name: z.string(), sha256: sha256Schema }).describe(about.job),
    server: runServerSchema.describe(about.server),
    request: requestSchema.describe(about.request).exactOptional(),
    ...linkTimes,
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
    ...linkEnd,
  })
  .superRefine(checkFiles) satisfies z.ZodType<Manifest>;
