import type { LoadResult } from '../model/run/load-result.ts';
import type { ProgressBatch } from './progress-batches.ts';

/** What goes to a load worker. */
export type ToWorker = ProgressBatch;

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
