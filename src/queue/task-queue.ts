import type { RunStream } from '../plan/run-plan.ts';

/** What workers report of the lists of a run, by `listNumber`. */
export type QueueReport =
  /** Some worker is at work, on whatever run. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'resumed'; readonly list: string; readonly messages: number; readonly pages: number }
  | {
      readonly kind: 'page';
      readonly list: string;
      readonly messages: number;
      readonly fillsHole: boolean;
      readonly total: number | null;
    }
  /** The journal of the list is in the spool; `requests`: by endpoint, the answers that were had for it. */
  | { readonly kind: 'filled'; readonly list: string; readonly requests: Readonly<Record<string, number>> }
  /** No worker tries it any more. */
  | { readonly kind: 'failed'; readonly list: string; readonly message: string };

/**
 * The lists of one run as tasks. The spool says what has been read; the queue only who reads, and that it proceeds. While it
 * is gone what it is asked for may neither come nor fail.
 */
export interface TaskQueue {
  /** Tasks that are in the queue stay as they are. */
  add(lists: readonly string[]): Promise<void>;
  /** How many workers wait for such tasks, or are at work; null: nobody knows. */
  workers(): Promise<number | null>;
  remove(lists: readonly string[]): Promise<void>;
  /** At once, also while it is gone. */
  close(): void;
}

/** Names a list in the queue: the number that its journal begins with. Names of rooms are nobody's business there. */
export function listNumber({ journal }: Pick<RunStream, 'journal'>): string {
  return journal.slice(0, journal.indexOf('-'));
}
