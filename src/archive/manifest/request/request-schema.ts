import { z } from 'zod';
import type { Shard } from '../../../model/run/shard.ts';
import type { ManifestRequest } from './request.ts';

export const filtersSchema = z.object({
  mentionIds: z.array(z.string()).exactOptional(),
  starredIds: z.array(z.string()).exactOptional(),
  pinned: z.boolean().exactOptional(),
});

export const viaSchema = z.enum(['messages', 'history']);

export const periodSchema = z.object({ since: z.string().nullable(), until: z.string().nullable() });

const shardSchema = z.object({ index: z.int().min(0), count: z.int().min(1) }) satisfies z.ZodType<Shard>;

/** See ManifestRequest. */
export const requestSchema = z.object({
  host: z.string().nullable(),
  user: z.string().nullable(),
  roles: z.array(z.string()).nullable(),
  extract: z.array(
    z.object({
      endpoint: z.string().exactOptional(),
      rooms: z.array(z.string()),
      scope: z.enum(['joined', 'readable']),
      via: viaSchema,
      filters: filtersSchema,
      period: periodSchema.exactOptional(),
    }),
  ),
  shard: shardSchema.exactOptional(),
  tables: z.array(z.string()),
  attachments: z
    .object({
      maxBytes: z.int().exactOptional(),
      types: z.array(z.string()).exactOptional(),
      rooms: z.array(z.string()).exactOptional(),
      avatars: z.literal(true).exactOptional(),
    })
    .exactOptional(),
  hold: z.object({ rooms: z.array(z.string()), users: z.array(z.string()) }).exactOptional(),
  pages: z
    .object({ transcript: z.literal(true).exactOptional(), report: z.literal(true).exactOptional(), zone: z.string() })
    .exactOptional(),
  md: z.literal('json').exactOptional(),
  excelSafe: z
    .object({ none: z.boolean().exactOptional(), gzip: z.boolean().exactOptional(), zstd: z.boolean().exactOptional() })
    .exactOptional(),
}) satisfies z.ZodType<ManifestRequest>;
