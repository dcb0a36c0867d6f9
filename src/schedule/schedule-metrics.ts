import { Counter, Gauge, Registry } from 'prom-client';
import type { ScheduleEvent } from './schedule-event.ts';
import { isSuccess } from './schedule-status.ts';

/** What Prometheus scrapes of a schedule. */
export interface ScheduleMetrics {
  apply(event: ScheduleEvent): void;
  /** The text of `/metrics`. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** @param jobs names: each has its series from the start on, so that a job that never ran shows */
export function createScheduleMetrics(jobs: readonly string[]): ScheduleMetrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
    new Counter({ name: `rocketchat_export_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string): Gauge<'job'> =>
    new Gauge({ name: `rocketchat_export_${name}`, help, labelNames: ['job'], registers });

  const runs = counter('runs_total', 'Runs that ended, by exit code.', ['job', 'exit_code']);
  const skipped = counter('skipped_total', 'Times a job was due while its archive was still being written to.', [
    'job',
  ]);
  const messages = counter('messages_exported_total', 'Messages that published runs exported.', ['job']);
  const requests = counter('requests_total', 'Requests of published runs.', ['job', 'endpoint']);
  const waits = counter('rate_limit_wait_seconds_total', 'Time that published runs waited for the rate limit.', [
    'job',
    'endpoint',
  ]);
  const lastSuccess = gauge('last_success_timestamp_seconds', 'End of the last run that published, gaps or not.');
  const lastDuration = gauge('last_run_duration_seconds', 'Duration of the last run, however it ended.');
  const nextRun = gauge('next_run_timestamp_seconds', 'When the job is due next.');
  const running = gauge('running', '1 while the job runs.');
  const waiting = gauge('waiting', '1 while the job is due and waits for runs of other jobs to end.');
  const gaps = gauge('gaps', 'Rooms that the last published run could not read to their end.');

  for (const job of jobs) {
    runs.inc({ job, exit_code: '0' }, 0);
    skipped.inc({ job }, 0);
    messages.inc({ job }, 0);
    running.set({ job }, 0);
    waiting.set({ job }, 0);
  }

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    apply(event) {
      const { job } = event;
      switch (event.kind) {
        case 'planned':
          break;
        case 'waiting':
          waiting.set({ job }, 1);
          break;
        case 'started':
          waiting.set({ job }, 0);
          running.set({ job }, 1);
          break;
        case 'skipped':
          skipped.inc({ job });
          break;
        case 'ended': {
          const { exitCode, published } = event.result;
          running.set({ job }, 0);
          runs.inc({ job, exit_code: String(exitCode) });
          lastDuration.set({ job }, (event.atMs - event.startedMs) / 1000);
          if (isSuccess(exitCode)) lastSuccess.set({ job }, event.atMs / 1000);
          if (published === null) break;
          messages.inc({ job }, published.messages);
          gaps.set({ job }, published.gaps);
          for (const [endpoint, counts] of Object.entries(published.requests)) {
            requests.inc({ job, endpoint }, counts.requests);
            waits.inc({ job, endpoint }, counts.waitedMs / 1000);
          }
          break;
        }
      }
      if (event.kind !== 'ended' && event.kind !== 'started' && event.nextRunMs !== null)
        nextRun.set({ job }, event.nextRunMs / 1000);
    },
  };
}
