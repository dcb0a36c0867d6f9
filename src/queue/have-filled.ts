import { join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import { sha256 } from '../archive/hash-file.ts';
import { StoppedError } from '../errors.ts';
import type { Clock } from '../system/clock.ts';
import type { Disk } from '../system/disk.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import type { FilledJournals } from '../environment.ts';
import type { RunEvent } from '../run-event.ts';
import { Bell } from './bell.ts';
import { inTime } from './in-time.ts';
import { ReportedLists } from './reported-lists.ts';
import { clearSpool } from './spool/clear-spool.ts';
import type { Spool } from './spool/spool.ts';
import { TakenLists } from './taken-lists.ts';
import type { QueueReport, TaskQueue } from './task-queue.ts';

interface HaveFilledOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly archive: string;
  readonly runPlan: RunPlan;
  readonly longestPage: { readonly rows: number };
  readonly spool: Spool;
  /** Tasks of the run of this name; what workers report of them goes to `onReport`. */
  readonly openQueue: (run: string, onReport: (report: QueueReport) => void) => TaskQueue;
  /** Of silence of all workers: then the run reads by itself what is left. */
  readonly patienceMs: number;
  /** Ends the waiting; tasks and spool stay as they are for the run that resumes this one. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/** Reports may be lost: the spool is looked at so often whatever they say. */
const lookEveryMs = 5_000;

/** Names a run in queue and spool: the same one when it is resumed, another one when it has another plan. */
export function runKey(archive: string, { run, startedAt, extractSha256, server }: RunPlan): string {
  return sha256(JSON.stringify([archive, run, startedAt, extractSha256, server.url, server.user.id])).slice(0, 20);
}

/**
 * Has workers fill the journals of the lists of a run, and takes over those that are whole, each once it is. What no worker
 * has filled when all of them are silent is taken over as far as it is, for the run to read on.
 *
 * @returns what the run is to report of it, and of the events of its own reading: of lists that workers have read all is told
 * @throws OutputError when the disk refuses; what an aborted signal stands for
 */
export async function haveJournalsFilled(options: HaveFilledOptions): Promise<FilledJournals> {
  const { disk, clock, archive, runPlan, spool, patienceMs, signal, onEvent } = options;
  const key = runKey(archive, runPlan);
  const spooled = spool.run(key);
  const owner = { host: runPlan.requestedBy.host, archive };
  await clearSpool(spool, owner, key);
  await spooled.create({ ...owner, longestPage: { rows: options.longestPage.rows }, runPlan });

  const reported = new ReportedLists(onEvent);
  const lists = new TakenLists(disk, archive, spooled, reported);
  await lists.find(runPlan);
  await lists.takeWhole();

  const bell = new Bell();
  const filled = new Set<string>();
  const failed = new Map<string, string>();
  const requests: Record<string, number> = {};
  let heardMs = clock.now();
  function onReport(report: QueueReport): void {
    heardMs = clock.now();
    const stream = report.kind === 'alive' ? undefined : lists.stream(report.list);
    if (report.kind === 'alive' || stream === undefined) return;
    switch (report.kind) {
      case 'page':
        reported.page(stream, report);
        break;
      case 'resumed':
        reported.resumed(stream, report);
        break;
      case 'filled':
        filled.add(report.list);
        for (const [endpoint, made] of Object.entries(report.requests))
          requests[endpoint] = (requests[endpoint] ?? 0) + made;
        bell.ring();
        break;
      case 'failed':
        failed.set(report.list, report.message);
        bell.ring();
        break;
    }
  }

  const queued = [...lists.left.keys()];
  if (queued.length > 0) {
    const queue = options.openQueue(key, onReport);
    try {
      await inTime(queue.add(queued), clock, signal);
      const workers = await inTime(queue.workers(), clock, signal);
      onEvent({ kind: 'queued', lists: queued.length, workers });
      await untilTaken();
      await inTime(queue.remove(queued), clock, signal);
    } catch (error) {
      if (!(error instanceof StoppedError) || signal.aborted) throw error;
      failed.set('', error.message);
    } finally {
      queue.close();
    }
  }
  await lists.takeWhole();
  if (lists.left.size > 0) {
    const [because = `no worker was heard of for ${Math.round(patienceMs / 1000)} s`] = failed.values();
    onEvent({ kind: 'reading-rest', lists: lists.left.size, because });
  }
  await lists.takeParts();
  await disk.syncFolder(join(archive, archivePaths.journal));
  await spooled.remove();
  return { onEvent: reported.onEvent, requests };

  /** Takes what is whole until nothing is left, or nothing more is to be expected. */
  async function untilTaken(): Promise<void> {
    heardMs = clock.now();
    let lookedMs = clock.now();
    const isAwaited = (): boolean => [...lists.left.keys()].some((number) => !failed.has(number));
    while (isAwaited() && clock.now() - heardMs < patienceMs) {
      await bell.heard(clock, Math.min(lookEveryMs, patienceMs), signal);
      for (const number of filled) {
        filled.delete(number);
        await lists.take(number);
      }
      if (clock.now() - lookedMs < lookEveryMs) continue;
      lookedMs = clock.now();
      await lists.takeWhole();
    }
  }
}
