import { minuteMs } from '../model/time/durations.ts';
import type { Job } from '../job/job.ts';
import type { EndpointName } from '../endpoints/endpoint-name.ts';
import { historyPageSize } from '../extract/history/read-history.ts';
import type { Room } from '../model/room.ts';
import type { Shard } from '../model/run/shard.ts';
import type { Via } from '../model/stream.ts';
import type { EstimateBasis } from './estimate-run.ts';
import { filesAhead, type FilesAhead } from './files-ahead.ts';
import { forecastRun, type RunForecast } from './forecast-run.ts';
import { historyAdvice } from './history-advice.ts';
import { look, serverOf, type JobServer, type LookOptions } from './look.ts';
import { summarizePlan, type PlanSummary } from './summarize-plan.ts';

/** What a caller asks of a plan, and what replaces parts of the environment. */
export interface PlanOptions extends LookOptions {
  /** Plans a run with this option: every room is asked what changed. Default: false. */
  readonly everyRoom?: boolean;
}

/** What is left to read of one room by one endpoint. */
export interface RoomPlan {
  readonly endpoint: EndpointName;
  /** Which of the endpoint's lists is read. */
  readonly via: Via;
  readonly room: Pick<Room, 'id' | 'name' | 'type'>;
  /** Messages that are left to read; null when nobody knows. */
  readonly messages: number | null;
  readonly requests: number | null;
  readonly basis: EstimateBasis;
  /** Whether no run has read it. */
  readonly isNew: boolean;
}

/** What the next run of a job will read. */
export interface JobPlan extends Pick<PlanSummary, 'total' | 'slowest' | 'limit'> {
  /** The job's name. */
  readonly job: string;
  readonly server: JobServer;
  readonly run: number;
  /** It was cut (or is at work at this moment), and only what is left of it is planned. */
  readonly resumed: boolean;
  /** Which part of the workspace the job reads. Absent: all of it. */
  readonly shard?: Shard & { readonly otherRooms: number };
  /** In the order of the job's entries; then changes, then the login and the list of rooms. */
  readonly entries: PlanSummary['lines'];
  /** By endpoint; those for the login and the list of rooms included. */
  readonly requests: Readonly<Record<string, number>>;
  /** Rooms of which it asks what changed since the last run, and the requests if little did. */
  readonly changes: { readonly rooms: number; readonly requests: number };
  /** Requests that it took to make this plan, by endpoint. */
  readonly asked: Readonly<Record<string, number>>;
  /**
   * Rows that the server gives in one page; assumed while no list is long enough to show it. `asked`: of how many a job's
   * `pageSize` asks for where those are fewer, ascending.
   */
  readonly page: { readonly rows: number; readonly assumed: boolean; readonly asked: readonly number[] };
  /** The job's `maxWait`; null: it may wait as long as it takes. */
  readonly maxWaitMinutes: number | null;
  /** What would save requests, and its price, in a sentence; null: nothing to speak of. */
  readonly advice: string | null;
  /** What the run completes because the job got formats or tables, in sentences. */
  readonly completes: readonly string[];
  /** Files to be downloaded; null: the job saves none. */
  readonly files: FilesAhead | null;
  /** In the order in which they are read. */
  readonly lists: readonly RoomPlan[];
}

/**
 * What the next run of a job would read, and how long the rate limit would make it, from a handful of requests; the
 * connection is opened and closed. Writes nothing and takes no lock, so that it may be asked while a run is at work.
 *
 * @returns messages and requests per room and per entry, and the minutes that the rate limit takes
 * @throws as a run would before its first page: JobError when its rooms do not fit the workspace, OutputError for a
 *   damaged archive, AccessError, UnreachableError, StoppedError; the signal's reason when it is aborted
 */
export function planJob(job: Job, options: PlanOptions = {}): Promise<JobPlan> {
  return look(job, options, async ({ chat, clock, disk }) => {
    const now = new Date(clock.now()).toISOString();
    const made = await forecastRun(disk, job, chat, now, options.everyRoom === true);
    const { lines, total, slowest, limit } = summarizePlan(job, made);
    return {
      job: job.name,
      server: await serverOf(chat),
      run: made.run,
      resumed: made.resumed,
      ...(made.shard !== undefined && { shard: made.shard }),
      entries: lines,
      total,
      slowest,
      limit,
      page: { rows: made.pageRows, assumed: made.isPageAssumed, asked: shortPages(made) },
      maxWaitMinutes: job.maxWaitMs === undefined ? null : job.maxWaitMs / minuteMs,
      requests: made.requests,
      changes: made.changes,
      asked: made.asked,
      advice: historyAdvice(made.streams),
      completes: made.completes,
      files: await filesAhead(disk, job, made.run, total.messages),
      lists: made.streams.map(({ stream, messages, requests, basis }) => ({
        endpoint: stream.endpoint,
        via: stream.via,
        room: { id: stream.room.id, name: stream.room.name, type: stream.room.type },
        isNew: stream.isNew,
        messages,
        requests,
        basis,
      })),
    };
  });
}

function shortPages({ streams, pageRows }: RunForecast): readonly number[] {
  const sizes = streams.flatMap(({ stream: { via, pageSize }, basis }) => {
    const most = via === 'history' ? historyPageSize : pageRows;
    return basis === 'finished' || pageSize === null || pageSize >= most ? [] : pageSize;
  });
  return [...new Set(sizes)].sort((one, other) => one - other);
}
