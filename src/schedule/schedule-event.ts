import type { ScheduledResult } from './scheduled-job.ts';

/** What happens in a schedule. Times are epoch milliseconds; `nextRunMs` is null when the job is never due again. */
export type ScheduleEvent =
  | { readonly kind: 'planned'; readonly job: string; readonly atMs: number; readonly nextRunMs: number | null }
  /** Due, but as many runs as may be at work at once are: it starts when one of them ends. */
  | { readonly kind: 'waiting'; readonly job: string; readonly atMs: number; readonly nextRunMs: number | null }
  | { readonly kind: 'started'; readonly job: string; readonly atMs: number }
  | {
      readonly kind: 'skipped';
      readonly job: string;
      readonly atMs: number;
      readonly nextRunMs: number | null;
      /** The job whose run still writes to the archive, or waits for its turn to: often itself. */
      readonly busyWith: string;
    }
  | {
      readonly kind: 'ended';
      readonly job: string;
      readonly startedMs: number;
      readonly atMs: number;
      readonly result: ScheduledResult;
    };
