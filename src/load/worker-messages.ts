import type { JournalProgress } from '../journal/journal-feed.ts';
import type { LoadResult } from '../model/run/load-result.ts';

/** What goes to a load worker: how far a journal has come. */
export interface ToWorker {
  readonly journal: string;
  readonly progress: JournalProgress;
}

/** What comes back, once. */
export type FromWorker =
  | { readonly kind: 'loaded'; readonly result: LoadResult }
  | {
      readonly kind: 'failed';
      readonly message: string;
      readonly hint: string | null;
      /** The disk or a sink's plug-in failed, something the job names did, or this program. */
      readonly reason: 'output' | 'job' | 'bug';
    };
