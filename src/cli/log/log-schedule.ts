import type { ScheduleEvent } from '../../schedule/schedule-event.ts';
import type { JobStatus } from '../../schedule/schedule-status.ts';
import { duration } from '../report/amounts.ts';
import type { Log } from './log.ts';

/** Log lines of a schedule. @param timezone of the job; undefined: the machine's */
export function logSchedule(event: ScheduleEvent, status: JobStatus, log: Log, timezone: string | undefined): void {
  const { job } = event;
  const next = nextText(status.nextRunMs, timezone);
  const nextRun = status.nextRunMs === null ? null : new Date(status.nextRunMs).toISOString();
  switch (event.kind) {
    case 'planned':
      log.info(`${job}: ${next}`, { job, nextRun });
      break;
    case 'waiting':
      log.detail(`${job}: due`, { job });
      break;
    case 'started':
      log.detail(`${job}: starting`, { job });
      break;
    case 'skipped': {
      const { busyWith } = event;
      const own = status.isWaiting ? 'still waits for its turn from the last time' : 'its last run is still at work';
      const what = busyWith === job ? own : `"${busyWith}" is writing to the same archive, or waits to`;
      log.warn(`${job}: due, but ${what}: skipped; ${next}`, { job, busyWith, nextRun });
      break;
    }
    case 'ended': {
      const { exitCode } = event.result;
      const { consecutiveFailures } = status;
      const took = duration(event.atMs - event.startedMs);
      const fields = { job, exitCode, consecutiveFailures, nextRun };
      if (consecutiveFailures === 0)
        log.info(`${job}: ended with exit code ${exitCode} after ${took}; ${next}`, fields);
      else {
        const often = consecutiveFailures === 1 ? '' : `, ${consecutiveFailures} times in a row`;
        log.warn(`${job}: failed with exit code ${exitCode} after ${took}${often}; ${next}`, fields);
      }
      break;
    }
  }
}

/** `next run 2026-11-23 02:15 Europe/Berlin` */
function nextText(atMs: number | null, timezone: string | undefined): string {
  if (atMs === null) return 'never due again';
  // Swedish writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'short',
    ...(timezone !== undefined && { timeZone: timezone }),
  });
  return `next run ${format.format(atMs)} ${format.resolvedOptions().timeZone}`;
}
