import type { ChangesRefusal, Cursor, Hole, PageRecord } from '../model/stream.ts';

/** A page that counts, with the server's answer verbatim. */
export interface ReadPage {
  readonly kind: 'page';
  readonly record: PageRecord;
  readonly body: Uint8Array;
  /** Set when the list ends with it, and nothing more is asked for. */
  readonly isLast?: true;
}

/** A place that cannot be read, and where to resume behind it. */
export interface ReadHole {
  readonly kind: 'hole';
  readonly hole: Hole;
  readonly cursor: Cursor;
  /** What the server gave there; empty when it gave nothing. */
  readonly body: Uint8Array;
}

/** What was asked for is not to be had: the steps that follow are of another list. */
interface ReadRefusal {
  readonly kind: 'refusal';
  readonly refusal: ChangesRefusal;
}

/** What a reading yields, one after another, for the journal. */
export type ReadStep = ReadPage | ReadHole | ReadRefusal;
