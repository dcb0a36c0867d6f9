import { type ChangePage, type UnreadableChange } from '../../model/changes.ts';
import type { ChangeList } from '../../model/stream.ts';

/**
 * Changes of `list` later than `afterMs`; of `both` all at once, whatever `count` says. With `beforeMs` the last changes
 * before it, newest first, which may reach beyond `afterMs`.
 */
export interface ChangeRequest {
  readonly list: ChangeList;
  readonly afterMs: number;
  readonly beforeMs?: number;
  readonly count: number;
}

export interface ChangeStep<P extends ChangePage> {
  readonly request: ChangeRequest;
  readonly page: P;
  /** Indices of changes that were taken before. */
  readonly skip: readonly number[];
  /** Those of the page's that no page before it had. */
  readonly unreadable: readonly UnreadableChange[];
}
