import type { RunEvent } from '../../run-event.ts';
import type { WaitEvent } from '../../rocketchat/pacing/waiting.ts';
import type { Clock } from '../../system/clock.ts';
import { changesEndpoint } from '../../model/stream.ts';
import { count, counted, duration } from '../report/amounts.ts';
import type { Log } from './log.ts';

interface RunFollower {
  readonly onEvent: (event: RunEvent) => void;
  readonly onWait: (event: WaitEvent) => void;
  /** The run is over, one way or the other. */
  end(): void;
}

/** Shorter pauses come and go: nobody needs to read about them. */
const noticeableMs = 1_000;

/** No limit of a server in its senses takes so long. */
const longWaitMs = 3_600_000;

interface Pause {
  readonly what: string;
  readonly untilMs: number;
}

interface OpenStream {
  readonly room: string;
  readonly messages: number;
  /** Of places that earlier runs could not read: who knows which of them changes have brought since. */
  readonly late: number;
  readonly total: number | null;
}

/** That a folder of `_view` could not be written. */
export function viewFailure(archive: string, view: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `${archive}: published, but "_view/${view}" could not be brought up to date: ${reason}`;
}

/** Turns what happens in a run into a status line and log lines. */
export function followRun(job: string, log: Log, clock: Clock): RunFollower {
  /** Streams of which a page has come and more will. */
  const open = new Map<string, OpenStream>();
  const pauses = new Map<string, Pause>();
  let streams = 0;
  let done = 0;
  let messages = 0;
  let phase: 'connecting' | 'reading' | 'publishing' = 'connecting';

  function status(): string {
    if (phase !== 'reading') return `${job}: ${phase}`;
    const nowMs = clock.now();
    const paused = [...pauses.values()].filter(({ untilMs }) => untilMs > nowMs);
    const rooms = [...open.values()].map(({ room, messages, total }) => `${room} ${progress(messages, total)}`);
    const waits = paused.map(({ what, untilMs }) => `waiting ${duration(untilMs - nowMs)} ${what}`);
    return [`${job}: ${done} of ${counted(streams, 'list')}`, counted(messages, 'message'), ...waits, ...rooms].join(
      ' | ',
    );
  }

  function onPause(event: WaitEvent): void {
    const what =
      event.kind === 'rate-limit' ? `for the rate limit of ${event.endpoint}` : `to ask ${event.endpoint} again`;
    const untilMs = clock.now() + event.ms;
    const known = pauses.get(what);
    pauses.set(what, { what, untilMs: Math.max(untilMs, known?.untilMs ?? 0) });
    if (event.kind === 'retry') {
      const { endpoint, attempt, error, ms } = event;
      log.warn(`${error}; attempt ${attempt + 1} in ${duration(ms)}`, { job, endpoint, attempt, waitMs: ms });
      return;
    }
    if (event.ms > longWaitMs && untilMs - (known?.untilMs ?? 0) > noticeableMs) {
      log.warn(`The server announces a wait of ${duration(event.ms)} ${what}`, {
        job,
        endpoint: event.endpoint,
        waitMs: Math.ceil(event.ms),
      });
      return;
    }
    // Every request that waits reports it; for people it is one wait.
    if (log.isLive || event.ms < noticeableMs || untilMs - (known?.untilMs ?? 0) < noticeableMs) return;
    log.info(`Waiting ${duration(event.ms)} ${what}`, { job, endpoint: event.endpoint, waitMs: Math.ceil(event.ms) });
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
          const { run, resumed, server, user } = event;
          streams = event.streams;
          phase = 'reading';
          const how = resumed ? 'resuming' : 'starting';
          log.info(`${job}: ${how} run ${run}, ${counted(streams, 'list')} of ${server} as ${user}`, {
            ...{ job, run, resumed, server, user, lists: streams },
          });
          for (const { room, note, isExpected } of event.leftOut)
            log[isExpected ? 'warn' : 'info'](`${job}: ${note}`, { job, room });
          break;
        }
        case 'page': {
          const { stream, endpoint, room, total, fillsHole } = event;
          const known = open.get(stream);
          const read = (known?.messages ?? 0) + (fillsHole ? 0 : event.messages);
          const late = (known?.late ?? 0) + (fillsHole ? event.messages : 0);
          open.set(stream, { room, messages: read, late, total });
          messages += event.messages;
          const line = `${endpoint} "${room}": page with ${counted(event.messages, 'message')}, ${progress(read, total)}`;
          log.detail(line, { job, endpoint, room, messages: event.messages, total });
          break;
        }
        case 'stream-read': {
          const { stream, endpoint, room } = event;
          const { messages: read, late } = open.get(stream) ?? { messages: 0, late: 0 };
          open.delete(stream);
          done += 1;
          const line = `${endpoint} "${room}": ${counted(read, endpoint === changesEndpoint ? 'change' : 'new message')}${lateText(late)}`;
          const fields = { job, endpoint, room, messages: read, ...(late > 0 && { late }) };
          if (log.isLive || read + late === 0) log.detail(line, fields);
          else log.info(line, fields);
          break;
        }
        case 'timestamp-failed':
          log.warn(
            `${job}: published and signed, without a time stamp; the next run asks again: ${String(event.error instanceof Error ? event.error.message : event.error)}`,
            { job },
          );
          break;
        case 'view-failed':
          log.warn(viewFailure(job, event.view, event.error), { job, view: event.view });
          break;
        case 'publishing':
          phase = 'publishing';
          log.detail(`${job}: publishing`, { job });
          break;
        case 'writing-transcript':
          log.detail(`${job}: published, writing the transcript`, { job });
          break;
      }
    },
  };
}

function lateText(late: number): string {
  return late === 0 ? '' : `, and ${counted(late, 'message')} that earlier runs could not read`;
}

/** `total` is the whole list: a run that continues an earlier one reads only what is new of it. */
function progress(read: number, total: number | null): string {
  return total === null ? count(read) : `${count(read)} of ${count(total)}`;
}
