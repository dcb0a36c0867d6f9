import { z } from 'zod';
import { countSchema } from './count-schema.ts';
import { wholeMessageTables } from '../../model/table-name.ts';
import { changesEndpoint } from '../../model/stream.ts';
import { seenMark } from './seen-mark.ts';
import type { ChangesState, ListState, State } from './state.ts';

/** A cursor of version 1: the watermark's time in ISO 8601. */
export const cursor1Schema = z.object({
  watermark: z.object({ ts: z.iso.datetime(), id: z.string().nullable() }).nullable(),
  offset: countSchema,
  takenIds: z.array(z.string()),
});

const stream1Schema = z.object({
  endpoint: z.string(),
  roomId: z.string(),
  roomName: z.string(),
  roomType: z.string().default(''),
  formerNames: z.array(z.string()).default([]),
  cursor: cursor1Schema,
  messages: countSchema,
  complete: z.boolean(),
  seen: z.string().nullable().default(null),
  gone: z.boolean().default(false),
});

/** A state of format version 1, in `_state.json` and, whole, in every manifest of that version. */
export const state1Schema = z.object({
  version: z.literal(1),
  run: countSchema,
  streams: z.record(z.string(), stream1Schema),
  longestPage: z.record(z.string(), countSchema),
});

type Stream1 = z.infer<typeof stream1Schema>;

/** Lists and changes stood among each other, and each endpoint had a longest page of its own, all the same. */
export function upgradeState({ run, streams, longestPage }: z.infer<typeof state1Schema>): State {
  const entries = Object.entries(streams);
  return {
    version: 2,
    run,
    longestPage: Math.max(0, ...Object.values(longestPage)),
    lists: Object.fromEntries(
      entries.flatMap(([key, stream]) => (stream.endpoint === changesEndpoint ? [] : [[key, upgradeList(stream)]])),
    ),
    changes: Object.fromEntries(
      entries.flatMap(([, stream]) =>
        stream.endpoint === changesEndpoint ? [[stream.roomId, upgradeChanges(stream)]] : [],
      ),
    ),
    // Its rows of rooms lack what newer ones have: each is written once more.
    rooms: {},
  };
}

/** The whole mark stood there, with the doublings of the silence behind it for changes. */
function upgradeSeen(seen: string | null): string | null {
  const [, mark = '', doublings = ''] = /^(\[.*\])( -?\d+)?$/.exec(seen ?? '') ?? [];
  return mark === '' ? null : `${seenMark(mark)}${doublings}`;
}

function upgradeList({ cursor: { watermark, offset, takenIds }, seen, ...stream }: Stream1): ListState {
  const newWatermark = watermark && { tsMs: Date.parse(watermark.ts), id: watermark.id };
  const newCursor = { watermark: newWatermark, offset, deliveredIds: takenIds };
  return { ...stream, cursor: newCursor, seen: upgradeSeen(seen), holes: [] };
}

function upgradeChanges({ roomName, cursor, messages, complete, seen }: Stream1): ChangesState {
  const sinceMs = cursor.watermark === null ? 0 : Date.parse(cursor.watermark.ts);
  return {
    roomName,
    sinceMs,
    knownSinceMs: sinceMs,
    // Version 1 did not keep apart which table had which version.
    known: Object.fromEntries(wholeMessageTables.map((table) => [table, cursor.takenIds])),
    rows: messages,
    complete,
    seen: upgradeSeen(seen),
  };
}
