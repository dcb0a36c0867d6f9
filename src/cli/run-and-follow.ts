import type { Manifest } from '../archive/manifest/manifest.ts';
import { exitCodes, type ExitCode } from '../errors.ts';
import type { Job } from '../job/job.ts';
import type { PlannedRequests } from '../run-event.ts';
import { broughtBy, broughtText } from './report/brought-by.ts';
import { followRun } from './log/follow-run.ts';
import { gapHint } from '../record/gap-hints.ts';
import { keepLogin } from './keep-login.ts';
import type { Talk } from './log/talk.ts';
import type { Context } from './verb.ts';

export interface FollowedRun {
  readonly manifest: Manifest;
  /** Of this process: the manifest's own times span the pause of a run that was resumed. */
  readonly tookMs: number;
  /** Absent when the run went on with another. */
  readonly planned?: PlannedRequests;
  readonly exitCode: ExitCode;
}

/**
 * Runs a job and tells how it goes, gaps included.
 *
 * @throws ExportError of a run that did not come to its end
 */
export async function runAndFollow(job: Job, context: Context, everyRoom = false): Promise<FollowedRun> {
  const { world, talk } = context;
  keepLogin(job.server, context);
  const signal = world.interruption();
  const announce = (): void => talk.warn('Interrupted: finishing the requests in flight; a second signal ends at once');
  signal.addEventListener('abort', announce, { once: true });
  const startedMs = world.clock.now();
  const follower = followRun(job.name, talk, world.clock);
  let planned: PlannedRequests | undefined;
  try {
    const [{ runJob }, { nodeDisk }, { noRoomsNote }] = await Promise.all([
      import('../pipeline.ts'),
      import('../system/disk.ts'),
      import('../record/no-rooms-note.ts'),
    ]);
    const manifest = await runJob(job, {
      clock: world.clock,
      disk: nodeDisk,
      random: world.random,
      process: world.process,
      isAlive: world.isAlive,
      // One processor is left to the requests.
      loadThreads: Math.max(1, world.processors - 1),
      everyRoom,
      signal,
      onEvent: (event) => {
        if (event.kind === 'started') planned = event.planned;
        follower.onEvent(event);
      },
      onWait: follower.onWait,
    });
    follower.end();
    if (manifest.notes.includes(noRoomsNote)) talk.warn(`${job.name}: ${noRoomsNote}`, { job: job.name });
    for (const { endpoint, room, reason, message } of manifest.gaps) {
      const fields = { job: job.name, endpoint, room: room.name, roomId: room.id, reason, hint: gapHint(reason) };
      talk.warn(`Gap in ${endpoint} of "${room.name}" (${reason}): ${message}`, fields);
    }
    return {
      manifest,
      tookMs: world.clock.now() - startedMs,
      ...(planned !== undefined && { planned }),
      exitCode: manifest.gaps.length > 0 ? exitCodes.gaps : exitCodes.complete,
    };
  } finally {
    follower.end();
    signal.removeEventListener('abort', announce);
  }
}

/** What a run brought, in one line of a log. */
export function tellPublished({ manifest }: FollowedRun, job: Job, talk: Talk, level: 'info' | 'detail'): void {
  const brought = broughtBy(manifest);
  const { run, files, gaps } = manifest;
  talk[level](`${job.name}: published run ${run}, ${broughtText(brought)}`, {
    ...{ job: job.name, run, ...brought, files: files.length, gaps: gaps.length },
  });
}
