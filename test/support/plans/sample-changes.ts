import type { RunChanges } from '../../../src/plan/run-plan.ts';
import { readTo, sampleStream } from './sample-stream.ts';

/** The changes of a room, of which all messages up to the year 2030 have been read. */
export function sampleChanges(fields: Partial<RunChanges> = {}): RunChanges {
  const { revised = [sampleStream({ cursor: readTo(Date.UTC(2030, 0)) })] } = fields;
  const room = fields.room ?? sampleStream().room;
  return {
    ...{ room, revised, cursor: readTo(0), known: {}, isBehind: false, isPart: false, compared: null },
    journal: `0002-${room.id}.pages`,
    ...fields,
  };
}
