import type { RunStream } from '../../../src/plan/run-plan.ts';
import { streamKey } from '../../../src/plan/stream-key.ts';
import { allTime } from '../../../src/model/time/period.ts';
import { fromTheBeginning, type Cursor } from '../../../src/model/stream.ts';
import { sampleRoom } from './sample-room.ts';

/** Everything of a room up to a time was taken. */
export const readTo = (tsMs: number, deliveredIds: readonly string[] = []): Cursor => ({
  watermark: { tsMs, id: null },
  offset: 0,
  deliveredIds,
});

/** Of a list that no run has read, and that no period narrows. */
export const wholeWalk = { period: allTime, spans: [], sinceMs: null, untilMs: null, isSought: false } as const;

/** The list of all messages of a room that no run has read; its key follows from the other fields. */
export function sampleStream(fields: Partial<RunStream> = {}): RunStream {
  const { endpoint = 'groups.messages', room = sampleRoom(), filters = {} } = fields;
  return {
    ...{ key: streamKey(endpoint, room.id, filters), endpoint, room, filters },
    ...{ via: 'messages', pageSize: null, isNew: true, mayReplace: false, otherCursor: null },
    ...{ cursor: fromTheBeginning, holes: [], journal: `0001-${endpoint}-${room.id}.pages` },
    ...wholeWalk,
    spans: fields.cursor === undefined ? [] : [{ sinceMs: null, cursor: fields.cursor }],
    ...fields,
  };
}

/** The list of those that mention the login. */
export function sampleMentions(fields: Partial<RunStream> = {}): RunStream {
  return sampleStream({ endpoint: 'chat.getMentionedMessages', ...fields });
}
