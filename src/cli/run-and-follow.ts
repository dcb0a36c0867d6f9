import type { Manifest } from '../archive/manifest/manifest.ts';
import { exitCodes, type ExitCode } from '../errors.ts';
import type { Job } from '../job/job.ts';
import type { PlannedRequests } from '../run-event.ts';
import { runCounts, runCountsText } from './report/run/run-counts.ts';
import { followRun } from './log/follow-run.ts';
import { interruptedAs } from './log/interrupted-as.ts';
import { failureOf } from './log/report-error.ts';
import { gapHint } from '../record/gap-hints.ts';
import { keepAddresses, keepKey, keepLogin } from './keep-login.ts';
import type { Log } from './log/log.ts';
import type { Workers } from '../environment.ts';
import type { Context } from './command.ts';

/** What a signal leaves of a run. */
const saved = { outcome: 'what was read is saved', hint: 'Run the same command again to resume' };

export interface FollowedRun {
  readonly manifest: Manifest;
  /** Of this process: the manifest's own times span the pause of a run that was resumed. */
  readonly tookMs: number;
  /** Absent when the run went on with another. */
  readonly planned?: PlannedRequests;
  readonly exitCode: ExitCode;
  /** What failed behind publishing; its exit code is that of the run. */
  readonly error?: unknown;
}

/**
 * Runs a job and shows how it proceeds.
 *
 * @throws ExportError of a run that was not published
 */
export async function runAndFollow(
  job: Job,
  context: Context,
  { everyRoom = false, workers }: { readonly everyRoom?: boolean; readonly workers?: Workers | undefined } = {},
): Promise<FollowedRun> {
  const { processContext, log } = context;
  keepLogin(job.server, context);
  if (job.sign !== undefined) keepKey(job.sign.key, context);
  keepAddresses(job, context);
  const signal = processContext.interruption();
  const announce = (): void => log.warn('Interrupted: finishing the requests in flight; a second signal ends at once');
  signal.addEventListener('abort', announce, { once: true });
  const startedMs = processContext.clock.now();
  const follower = followRun(job.name, log, processContext.clock);
  let planned: PlannedRequests | undefined;
  let published: Manifest | undefined;
  let behind: { readonly error: unknown } | undefined;
  try {
    const [{ runJob }, { nodeDisk }, { noRoomsNote }] = await Promise.all([
      import('../pipeline.ts'),
      import('../system/disk.ts'),
      import('../record/notes/no-rooms-note.ts'),
    ]);
    const options: Parameters<typeof runJob>[1] = {
      clock: processContext.clock,
      disk: nodeDisk,
      random: processContext.random,
      variables: processContext.env,
      process: processContext.process,
      isAlive: processContext.isAlive,
      loadThreads: processContext.loadThreads,
      everyRoom,
      ...(workers !== undefined && { workers }),
      signal,
      onEvent: (event) => {
        if (event.kind === 'started') planned = event.planned;
        if (event.kind === 'published') published = event.manifest;
        follower.onEvent(event);
      },
      onWait: follower.onWait,
    };
    const manifest = await interruptedAs(saved, () => runJob(job, options)).catch((error: unknown) => {
      if (published === undefined) throw error;
      behind = { error };
      return published;
    });
    follower.end();
    if (manifest.notes.includes(noRoomsNote)) log.warn(`${job.name}: ${noRoomsNote}`, { job: job.name });
    return {
      manifest,
      tookMs: processContext.clock.now() - startedMs,
      ...(planned !== undefined && { planned }),
      exitCode: manifest.gaps.length > 0 ? exitCodes.gaps : exitCodes.complete,
      ...(behind !== undefined && { error: behind.error, exitCode: failureOf(behind.error).exitCode }),
    };
  } finally {
    follower.end();
    signal.removeEventListener('abort', announce);
  }
}

/** What could not be read, one by one: for logs, and where no report for people is printed. */
export function warnOfGaps({ manifest }: FollowedRun, job: Job, log: Log): void {
  for (const { endpoint, room, reason, message } of manifest.gaps) {
    const fields = { job: job.name, endpoint, room: room.name, roomId: room.id, reason, hint: gapHint(reason) };
    log.warn(`Gap in ${endpoint} of "${room.name}" (${reason}): ${message}`, fields);
  }
}

/** What a run brought, in one line of a log. */
export function tellPublished({ manifest }: FollowedRun, job: Job, log: Log, level: 'info' | 'detail'): void {
  const brought = runCounts(manifest);
  const { run, files, gaps } = manifest;
  log[level](`${job.name}: published run ${run}, ${runCountsText(brought)}`, {
    job: job.name,
    run,
    ...brought,
    files: files.length,
    gaps: gaps.length,
  });
}
