import type { ListRow } from '../../model/list/list-order.ts';
import type { Cursor } from '../../model/stream.ts';
import type { LongestPage } from '../../model/list/longest-page.ts';

export interface WalkOptions {
  readonly cursor: Cursor;
  /**
   * Set when no walk has been at the cursor's watermark, so that its offset says nothing: the rows of the list by
   * somebody's count, in which the place is looked for; null: nobody has counted.
   */
  readonly sought?: { readonly listRows: number | null } | undefined;
  /** Rows of this `ts` and later are not taken: the walk ends where they begin. null: it goes to the end of the list. */
  readonly untilMs?: number | null | undefined;
  readonly longestPage: LongestPage;
  /**
   * When the walk begins, in epoch milliseconds: what is posted later may be left to the next walk. Default: the walk
   * goes on until the list holds still.
   */
  readonly beganMs?: number | undefined;
  /** Rows to ask for; default: more than servers give, so that each gives as many as it allows. */
  readonly pageSize?: number | undefined;
  /** Whether one more page may be held beside the `held` ones, to ask ahead; default: pages come one by one. */
  readonly mayHold?: (held: number) => boolean;
  /** Rows of the list by the room list's counter; 0 or absent: nothing is known of it. */
  readonly countedRows?: number;
  /** Told at the end how many rows the list has, by its last page. */
  readonly onTotal?: ((rows: number) => void) | undefined;
  /** When `cursor` continues a cut walk: the rows it took in the last `allowedLatenessMs` before the watermark. */
  readonly recent?: readonly ListRow[];
  /** Every row taken after this is in `recent` or named by `cursor`; default: as far back as `recent` reaches. */
  readonly knownSinceMs?: number | undefined;
}
