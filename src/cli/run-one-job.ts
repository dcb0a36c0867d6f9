import { exitCodes } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { counted } from './amounts.ts';
import { followRun } from './follow-run.ts';
import { gapHint } from './gap-hints.ts';
import type { Context } from './verb.ts';

/**
 * Runs a job, tells how it goes, and reports it: a JSON line with the manifest, or tables for people.
 *
 * @returns the exit code of a run that ended: complete, or with gaps
 * @throws ExportError of one that did not
 */
export async function runOneJob(job: Job, { json }: { readonly json: boolean }, context: Context): Promise<number> {
  const { world, talk, quiet } = context;
  const { login } = job.server;
  context.keepSecret(login.kind === 'token' ? login.authToken : login.password);
  const signal = world.interruption();
  const announce = (): void => talk.warn('Interrupted: finishing the requests in flight; a second signal ends at once');
  signal.addEventListener('abort', announce, { once: true });
  const startedMs = world.clock.now();
  const follower = followRun(job.name, talk, world.clock);
  try {
    const [{ runJob }, { nodeDisk }, { serializeManifest }, { runReport }] = await Promise.all([
      import('../pipeline.ts'),
      import('../disk.ts'),
      import('../archive/manifest-json.ts'),
      import('./run-report.ts'),
    ]);
    const manifest = await runJob(job, {
      clock: world.clock,
      disk: nodeDisk,
      random: world.random,
      process: world.process,
      isAlive: world.isAlive,
      // One processor is left to the requests.
      loadThreads: Math.max(1, world.processors - 1),
      signal,
      onEvent: follower.onEvent,
      onWait: follower.onWait,
    });
    follower.end();

    // The bytes of the file say it all; only the line breaks go, so that several jobs are JSON Lines.
    if (json) world.stdout.write(`${JSON.stringify(JSON.parse(serializeManifest(manifest)))}\n`);
    else if (!quiet)
      world.stdout.write(
        runReport(manifest, { archive: job.output, cwd: world.cwd, tookMs: world.clock.now() - startedMs }),
      );
    for (const { endpoint, room, reason, message } of manifest.gaps) {
      const fields = { job: job.name, endpoint, room: room.name, roomId: room.id, reason, hint: gapHint(reason) };
      talk.warn(`Gap in ${endpoint} of "${room.name}" (${reason}): ${message}`, fields);
    }
    const messages = manifest.streams.reduce((sum, { exported }) => sum + exported, 0);
    const fields = {
      job: job.name,
      run: manifest.run,
      messages,
      files: manifest.files.length,
      gaps: manifest.gaps.length,
    };
    talk.detail(`${job.name}: published run ${manifest.run}, ${counted(messages, 'new message')}`, fields);
    return manifest.gaps.length > 0 ? exitCodes.gaps : exitCodes.complete;
  } finally {
    follower.end();
    signal.removeEventListener('abort', announce);
  }
}
