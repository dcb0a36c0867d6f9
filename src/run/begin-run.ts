import type { State } from '../archive/state.ts';
import type { Disk } from '../disk.ts';
import { extractFingerprint } from '../job/fingerprint.ts';
import type { Job } from '../job/job.ts';
import type { RocketChat } from '../rocketchat/rocketchat.ts';
import { readOpenRun, writeOpenRun, type OpenRun } from './open-run.ts';
import { planStreams } from './plan-streams.ts';

/**
 * The run to carry on with: the one that was cut, when it read for the same job as the same user, else a new one.
 *
 * @throws JobError when the job's rooms do not fit the rooms of the workspace
 */
export async function beginRun(
  disk: Disk,
  job: Job,
  state: State,
  chat: RocketChat,
  startedAt: string,
): Promise<{ readonly openRun: OpenRun; readonly resumed: boolean }> {
  const extractSha256 = extractFingerprint(job);
  const cut = await readOpenRun(disk, job.output, state, extractSha256);
  if (cut?.server.user.id === chat.user.id) return { openRun: cut, resumed: true };

  const openRun: OpenRun = {
    version: 1,
    run: state.run + 1,
    startedAt,
    extractSha256,
    server: { url: chat.url, version: chat.version, user: chat.user },
    streams: planStreams(job.extract, await chat.rooms(), state),
  };
  await writeOpenRun(disk, job.output, openRun);
  return { openRun, resumed: false };
}
