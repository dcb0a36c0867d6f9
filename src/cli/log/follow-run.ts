import { hourMs } from '../../model/time/durations.ts';
import type { RunEvent } from '../../run-event.ts';
import type { WaitEvent } from '../../rocketchat/pacing/waiting.ts';
import type { Clock } from '../../system/clock.ts';
import { changesEndpoint } from '../../model/stream.ts';
import { count, counted } from '../../model/text/counted.ts';
import { duration } from '../report/amounts.ts';
import { pushedLine, unconditionalText } from '../report/afterwards/pushed-line.ts';
import { replacedText } from '../report/afterwards/replaced-text.ts';
import type { Log } from './log.ts';
import { progressLine, type Wait } from './progress-line.ts';
import { RunProgress } from './run-progress.ts';
import { viewFailure } from './view-failure.ts';

interface RunFollower {
  readonly onEvent: (event: RunEvent) => void;
  readonly onWait: (event: WaitEvent) => void;
  /** The run is over, one way or the other. */
  end(): void;
}

/** Shorter pauses come and go: nobody needs to read about them. */
const noticeableMs = 1_000;

/** No limit of a server in its senses takes so long. */
const longWaitMs = hourMs;

interface Pause extends Omit<Wait, 'ms'> {
  readonly untilMs: number;
}

const givenUp = 'what the attempt before had saved is read again: it was cut, and the job reads otherwise now';

/** Often enough to see that it proceeds, in a log that is read the next morning. */
const progressEveryMs = 300_000;

/** Turns what happens in a run into a status line and log lines. */
export function followRun(job: string, log: Log, clock: Clock): RunFollower {
  const pauses = new Map<string, Pause>();
  /** Endpoints of which a wait for the rate limit was reported. */
  const limited = new Set<string>();
  let run = new RunProgress([], {});
  let beganMs = clock.now();
  let reportedMs = clock.now();
  let phase: 'connecting' | 'reading' | 'publishing' = 'connecting';

  function status(columns: number): string {
    if (phase !== 'reading') return `${job}: ${phase}`;
    const nowMs = clock.now();
    const paused = [...pauses.values()].filter(({ untilMs }) => untilMs > nowMs);
    const doneMs = run.doneMs(nowMs, beganMs, Math.max(nowMs, ...paused.map(({ untilMs }) => untilMs)));
    return progressLine(
      {
        figures: run.figures(),
        atWork: run.atWork(),
        doneAt: doneMs === null ? null : clockTime(doneMs, nowMs),
        waits: paused.map(({ untilMs, ...pause }) => ({ ...pause, ms: untilMs - nowMs })),
      },
      columns,
    );
  }

  /** Where no terminal shows it. */
  function reportProgress(): void {
    const nowMs = clock.now();
    if (log.isLive || phase !== 'reading' || nowMs - reportedMs < progressEveryMs) return;
    reportedMs = nowMs;
    const { messages, expected, listsRead, lists } = run.figures();
    log.info(`${job}: ${status(Infinity)}`, { job, messages, expected, listsRead, lists });
  }

  function onPause(event: WaitEvent): void {
    const key = `${event.kind} ${event.endpoint}`;
    const untilMs = clock.now() + event.ms;
    const known = pauses.get(key);
    pauses.set(key, { kind: event.kind, endpoint: event.endpoint, untilMs: Math.max(untilMs, known?.untilMs ?? 0) });
    reportProgress();
    if (event.kind === 'retry') {
      const { endpoint, attempt, error, ms } = event;
      log.warn(`${error}; attempt ${attempt + 1} in ${duration(ms)}`, { job, endpoint, attempt, waitMs: ms });
      return;
    }
    if (event.ms > longWaitMs && untilMs - (known?.untilMs ?? 0) > noticeableMs) {
      log.warn(`The server announces a wait of ${duration(event.ms)} for the rate limit of ${event.endpoint}`, {
        job,
        endpoint: event.endpoint,
        waitMs: Math.ceil(event.ms),
      });
      return;
    }
    // The first of an endpoint says why it is slow; from there on progress is reported, not each window of the limit.
    if (log.isLive || event.ms < noticeableMs || limited.has(event.endpoint)) return;
    limited.add(event.endpoint);
    log.info(`Waiting ${duration(event.ms)} for the rate limit of ${event.endpoint}`, {
      job,
      endpoint: event.endpoint,
      waitMs: Math.ceil(event.ms),
    });
  }

  log.status(status);
  return {
    onWait: onPause,
    end: () => log.status(null),
    onEvent: (event) => {
      switch (event.kind) {
        case 'watching-lock': {
          const { holder } = event;
          const who = holder === null ? 'another process' : `process ${holder.pid} on "${holder.host}"`;
          log.info(`${job}: the archive is locked: waiting a minute to see whether ${who} still writes to it`, {
            job,
          });
          break;
        }
        case 'started': {
          const { run: number, resumed, server, user, streams } = event;
          run = new RunProgress(event.expected, event.rateLimits);
          beganMs = reportedMs = clock.now();
          phase = 'reading';
          const how = resumed ? 'resuming' : 'starting';
          const fields = { job, run: number, resumed, server, user, lists: streams };
          log.info(`${job}: ${how} run ${number}, ${counted(streams, 'list')} of ${server} as ${user}`, fields);
          if (event.givesUpAnother === true) log.warn(`${job}: ${givenUp}`, { job, run: number });
          for (const { room, note, isExpected } of event.leftOut)
            log[isExpected ? 'warn' : 'info'](`${job}: ${note}`, { job, room });
          break;
        }
        case 'stream-resumed': {
          const { stream, endpoint, room, messages, pages } = event;
          run.read(stream, room, { messages, pages, total: null, isLate: false, isSaved: true });
          const fields = { job, endpoint, room, messages };
          log.detail(
            `${endpoint} "${room}": ${counted(messages, 'message')} saved by the attempt that was cut`,
            fields,
          );
          break;
        }
        case 'page': {
          const { stream, endpoint, room, total, fillsHole: isLate, messages } = event;
          const atWork = run.read(stream, room, { messages, pages: 1, total, isLate, isSaved: false });
          const so = atWork === undefined ? '' : `, ${count(atWork.messages)} so far`;
          const fields = { job, endpoint, room, messages, total };
          log.detail(`${endpoint} "${room}": page with ${counted(messages, 'message')}${so}`, fields);
          reportProgress();
          break;
        }
        case 'stream-read': {
          const { stream, endpoint, room } = event;
          const { messages: read, late } = run.finish(stream);
          const line = `${endpoint} "${room}": ${counted(read, endpoint === changesEndpoint ? 'change' : 'new message')}${lateText(late)}`;
          const fields = { job, endpoint, room, messages: read, ...(late > 0 && { late }) };
          if (log.isLive || read + late === 0) log.detail(line, fields);
          else log.info(line, fields);
          break;
        }
        case 'reading-again':
          log.info(`${job}: reading every room again from its beginning: ${event.because}`, { job });
          break;
        case 'queued': {
          const { lists, workers } = event;
          const by =
            workers === null
              ? ''
              : ` for ${workers === 0 ? 'workers, of which none is there yet' : counted(workers, 'worker')}`;
          log.info(`${job}: queued ${counted(lists, 'list')}${by}`, { job, lists, workers });
          break;
        }
        case 'reading-rest':
          log.warn(`${job}: reading ${counted(event.lists, 'list')} without workers: ${event.because}`, {
            job,
            lists: event.lists,
          });
          break;
        case 'replaying':
          log.info(`${job}: making rows of earlier runs once more of the responses in \`_raw\``, { job });
          break;
        case 'timestamp-failed':
          log.warn(
            `${job}: published and signed, without a time stamp; the next run asks again: ${String(event.error instanceof Error ? event.error.message : event.error)}`,
            { job },
          );
          break;
        case 'view-failed':
          log.warn(viewFailure(job, event.view, event.error), { job, view: event.view });
          break;
        case 'saving-files':
          log.info(
            `${job}: saving ${counted(event.files, 'file')} of messages, ${count(event.bytes)} bytes by their word`,
            { job, files: event.files, bytes: event.bytes },
          );
          break;
        case 'file':
          log.detail(`${job}: file ${event.status}, ${count(event.sizeBytes)} bytes`, { job, status: event.status });
          break;
        case 'publishing':
          phase = 'publishing';
          log.detail(`${job}: publishing`, { job });
          break;
        case 'published':
          break;
        case 'purged': {
          const { run: purge, messages, before, held } = event;
          const still = held === 0 ? '' : `; ${count(held)} as old are held`;
          log.info(
            `${job}: purge ${purge} by retention, ${counted(messages, 'message')} from before ${before} gone for good${still}`,
            { job, run: purge, messages, before, held },
          );
          break;
        }
        case 'writing-transcript':
          log.detail(`${job}: published, writing the transcript`, { job });
          break;
        case 'pushing':
          log.detail(`${job}: published, pushing to ${event.to}`, { job, to: event.to });
          break;
        case 'pushed':
          if (!event.isConditional) log.warn(unconditionalText(event.to), { job, to: event.to });
          log.detail(`${job}: ${pushedLine(event)}`, { job, to: event.to, links: event.links, files: event.files });
          break;
        case 'loading-database':
          log.detail(`${job}: published, loading the database`, { job });
          break;
        case 'loaded-database':
          log.detail(`${job}: loaded ${counted(event.rows, 'row')} into the database`, { job, rows: event.rows });
          if (event.replaced > 0) log.warn(replacedText(job, event.replaced), { job, replaced: event.replaced });
          break;
        case 'writing-report':
          log.detail(`${job}: published, writing the report`, { job });
          break;
      }
    },
  };
}

function lateText(late: number): string {
  return late === 0 ? '' : `, and ${counted(late, 'message')} that earlier runs could not read`;
}

/** `11:42` of this machine's zone; with its day where that is another one: `Nov 28 11:42`. */
function clockTime(atMs: number, nowMs: number): string {
  const [day = '', time = ''] = local(atMs);
  return day === local(nowMs)[0] ? time : `${day} ${time}`;
}

function local(ms: number): readonly string[] {
  const [, month = '', day = '', , time = ''] = new Date(ms).toString().split(' ');
  return [`${month} ${day}`, time.slice(0, 5)];
}
