import type { ChangesRefusal, Cursor, Hole, Completeness } from '../model/stream.ts';
import type { PlannedStream, RunChanges, RunStream } from './run-plan.ts';

/** What came of both, each in the order of the run. */
export interface RunOutcomes {
  readonly streams: readonly StreamOutcome[];
  readonly changes: readonly ChangesOutcome[];
  /** Of lists that were read once more for new tables. Absent: none. */
  readonly rereads?: readonly StreamOutcome[];
}

/** What came of reading the changes of a room. */
export interface ChangesOutcome {
  readonly changes: RunChanges;
  /** Set when its messages were read once more instead, or nothing was. */
  readonly refusal: ChangesRefusal | null;
  readonly completeness: Completeness;
  readonly gap: StreamOutcome['gap'];
  /** Changed messages that cannot be read, or places of the messages that were read once more. */
  readonly holes: readonly Hole[];
  /** How long the list was of which messages were read once more; null: none were. */
  readonly total: number | null;
}

/** What came of reading a stream. */
export interface StreamOutcome<Stream extends PlannedStream = RunStream> {
  readonly stream: Stream;
  readonly completeness: Completeness;
  /** Where the next run resumes. */
  readonly cursor: Cursor;
  /** Why it was not read to its end; null when it was. */
  readonly gap: { readonly reason: string; readonly message: string } | null;
  /** Places that this run could not read, and went on behind. */
  readonly holes: readonly Hole[];
  /** How long the list was when it had been read; null: it was not, or does not say. */
  readonly total: number | null;
}
