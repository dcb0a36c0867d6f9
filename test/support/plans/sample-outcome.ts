import { nothingRead } from '../../../src/journal/completeness.ts';
import type { Hole } from '../../../src/model/stream.ts';
import type { ChangesOutcome, StreamOutcome } from '../../../src/plan/stream-outcome.ts';
import { sampleChanges } from './sample-changes.ts';
import { readTo, sampleStream } from './sample-stream.ts';

/** A place in a list that could not be read. */
export function sampleHole(fields: Partial<Hole> = {}): Hole {
  return { reason: 'http-500', message: '', offset: 0, rows: 1, after: null, before: null, id: null, ...fields };
}

/** A list that was read to its end. */
export function sampleOutcome(fields: Partial<StreamOutcome> = {}): StreamOutcome {
  return {
    ...{ stream: sampleStream(), completeness: nothingRead, cursor: readTo(7_000), gap: null, holes: [], total: null },
    ...fields,
  };
}

/** Changes of a room that the server reported to their end. */
export function sampleChangesOutcome(fields: Partial<ChangesOutcome> = {}): ChangesOutcome {
  return {
    ...{ changes: sampleChanges(), refusal: null, completeness: nothingRead, gap: null, holes: [], total: null },
    ...fields,
  };
}
