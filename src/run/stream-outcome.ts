import type { Cursor, StreamProof } from '../stream.ts';
import type { PlannedStream } from './open-run.ts';

/** What came of reading a stream. */
export interface StreamOutcome {
  readonly stream: PlannedStream;
  readonly proof: StreamProof;
  /** Where the next run goes on. */
  readonly cursor: Cursor;
  /** Why it was not read to its end; null when it was. */
  readonly gap: { readonly reason: string; readonly message: string } | null;
}
