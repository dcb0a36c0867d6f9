import { z } from 'zod';
import { manifestRoomSchema } from '../room/manifest-room-schema.ts';
import { countSchema, runNumberSchema } from '../../state/count-schema.ts';
import { changesEndpoint } from '../../../model/stream.ts';
import { sha256 } from '../../hash-file.ts';
import type { CompactionManifest, Manifest } from '../manifest.ts';
import type { StateChange } from '../../state/recorded-change.ts';
import { checkReplaced } from '../schema/compaction-schema.ts';
import { completenessSchema, gapShape, requestsSchema, runServerSchema, stepSchema } from '../schema/export-schema.ts';
import { checkFiles, dataFileSchema, hashedFileSchema, sha256Schema, toolSchema } from '../schema/link-keys.ts';
import { compactedSchema, replacedSchema } from '../schema/rewritten-keys.ts';
import { filtersSchema } from '../request/request-schema.ts';
import { cursor1Schema, state1Schema, upgradeState } from '../../state/state-1.ts';
import { serializeState } from '../../state/state-schema.ts';
import { parseShape } from '../../json-shape.ts';
import type { State } from '../../state/state.ts';

const counts = z.record(z.string(), countSchema);
const link = z.object({ path: z.string(), sha256: sha256Schema });

const export1Schema = z
  .object({
    run: runNumberSchema,
    tool: toolSchema,
    schemaVersion: countSchema,
    job: z.object({ name: z.string(), sha256: sha256Schema }),
    server: runServerSchema,
    startedAt: z.string(),
    finishedAt: z.string(),
    previous: link.nullable(),
    gaps: z.array(z.object({ endpoint: z.string(), room: manifestRoomSchema, ...gapShape })),
    notes: z.array(z.string()),
    tables: counts,
    steps: z.array(stepSchema),
    files: z.array(dataFileSchema),
    raw: z.array(hashedFileSchema),
    badFields: counts,
    requests: requestsSchema,
    streams: z.array(
      z.object({
        endpoint: z.string(),
        room: manifestRoomSchema,
        via: z.enum(['messages', 'history', 'changes']),
        filters: filtersSchema,
        exported: countSchema,
        completeness: completenessSchema,
        gap: z.object(gapShape).nullable(),
        cursor: cursor1Schema,
      }),
    ),
    unchanged: z.array(z.string()).default([]),
    state: state1Schema,
  })
  .superRefine(checkFiles);

const compaction1Schema = z
  .object({
    run: z.int().min(2),
    tool: toolSchema,
    schemaVersion: countSchema,
    startedAt: z.string(),
    finishedAt: z.string(),
    previous: link,
    keeps: z.enum(['all', 'latest']),
    notes: z.array(z.string()),
    compacted: z.array(compactedSchema),
    dropped: counts,
    files: z.array(dataFileSchema),
    replaces: z.array(replacedSchema),
    state: state1Schema,
  })
  .superRefine(checkFiles)
  .superRefine(checkReplaced);

/** Before there were compactions, no kind was written. */
const kind1Schema = z.object({ kind: z.enum(['export', 'compaction']).default('export') });

/** Reads a manifest of format version 1, its keys renamed, as what it would be in this one. @throws JsonShapeError */
export function parseManifest1(value: object): Manifest | CompactionManifest {
  return parseShape(kind1Schema, value).kind === 'export'
    ? upgradeExport(parseShape(export1Schema, value))
    : upgradeCompaction(parseShape(compaction1Schema, value));
}

function upgradeExport({ streams, unchanged, state, ...same }: z.infer<typeof export1Schema>): Manifest {
  return {
    ...same,
    version: 3,
    kind: 'export',
    lists: streams.flatMap(({ endpoint, room, via, filters, exported, completeness, gap }) =>
      via === 'changes'
        ? []
        : [{ endpoint, room, via, filters, exported, completeness, gaps: gap === null ? [] : [gap], holes: [] }],
    ),
    changes: streams.flatMap(({ endpoint = changesEndpoint, room, via, exported, completeness, gap, cursor }) =>
      via === 'changes'
        ? [
            {
              endpoint,
              room,
              exported,
              completeness,
              gaps: gap === null ? [] : [gap],
              since: cursor.watermark?.ts ?? '',
            },
          ]
        : [],
    ),
    unchanged: unchanged.length,
    state: wholeState(upgradeState(state)),
  };
}

function upgradeCompaction({ state, ...same }: z.infer<typeof compaction1Schema>): CompactionManifest {
  return { ...same, version: 3, kind: 'compaction', state: wholeState(upgradeState(state)) };
}

/** Manifests of version 1 held the whole state. */
function wholeState(state: State): StateChange {
  const { longestPage, lists, changes, rooms } = state;
  return { sha256: sha256(serializeState(state)), base: 'empty', longestPage, lists, changes, rooms, reset: [] };
}
