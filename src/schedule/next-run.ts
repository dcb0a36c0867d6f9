import { Cron } from 'croner';

/** When a job runs. */
export interface Timetable {
  /** A cron expression of five fields, or a word such as @daily. */
  readonly schedule: string;
  /** IANA name; absent: the machine's. */
  readonly timezone?: string;
}

/**
 * The first instant after `afterMs` (epoch milliseconds) at which the job is due; null when it never is again. A local
 * time that summer time leaves out is taken at the change, one that comes twice only once.
 */
export function nextRunMs({ schedule, timezone }: Timetable, afterMs: number): number | null {
  const cron = new Cron(schedule, { paused: true, mode: '5-part', ...(timezone !== undefined && { timezone }) });
  return cron.nextRun(new Date(afterMs))?.getTime() ?? null;
}
