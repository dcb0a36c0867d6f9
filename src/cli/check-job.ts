import { emptyState } from '../archive/state.ts';
import { endpoints } from '../extractors/endpoints.ts';
import type { Job } from '../job/job.ts';
import type { RocketChat } from '../rocketchat/rocketchat.ts';
import type { Room } from '../rocketchat/room.ts';
import { selectRooms } from '../rocketchat/select-rooms.ts';
import { planStreams } from '../run/plan-streams.ts';
import { checkRooms, type StreamCheck } from './check-rooms.ts';

/** What a workspace makes of a job. */
export interface JobCheck {
  readonly server: Pick<RocketChat, 'url' | 'user'> & { readonly version: string | null };
  /** In the order of the job's entries. */
  readonly matched: readonly (readonly Room[])[];
  readonly checks: readonly StreamCheck[];
}

/**
 * Plans the job as its first run would, and tries each stream.
 *
 * @param mostOfAnEndpoint see checkRooms
 * @throws JobError for an entry that no room fits; what checkRooms throws
 */
export async function checkJob(job: Job, chat: RocketChat, mostOfAnEndpoint: number): Promise<JobCheck> {
  const list = await chat.rooms();
  const streams = planStreams(job.extract, list, emptyState);
  const matched = job.extract.map(
    ({ endpoint, rooms }) => selectRooms(list, rooms, endpoints[endpoint].roomTypes).selected,
  );
  const server = { url: chat.url, version: await chat.version(), user: chat.user };
  return { server, matched, checks: await checkRooms(chat, streams, mostOfAnEndpoint) };
}
