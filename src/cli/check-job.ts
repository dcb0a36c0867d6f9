import type { State } from '../archive/state.ts';
import { endpoints } from '../extractors/endpoints.ts';
import type { Job } from '../job/job.ts';
import type { RocketChat } from '../rocketchat/rocketchat.ts';
import type { Room } from '../rocketchat/room.ts';
import { selectRooms } from '../rocketchat/select-rooms.ts';
import { goneGap, goneStreams } from '../run/gone-streams.ts';
import { withFormerNames } from '../run/known-rooms.ts';
import type { GoneStream } from '../run/open-run.ts';
import { planStreams } from '../run/plan-streams.ts';
import { withheldRooms } from '../run/withheld-rooms.ts';
import { gapHint } from './gap-hints.ts';
import { checkRooms, type StreamCheck } from './check-rooms.ts';

/** What a workspace makes of a job. */
export interface JobCheck {
  readonly server: Pick<RocketChat, 'url' | 'user'> & { readonly version: string | null };
  /** In the order of the job's entries. */
  readonly matched: readonly (readonly Room[])[];
  readonly checks: readonly StreamCheck[];
  /** See withheldRooms. */
  readonly withheld: readonly Room[];
}

/**
 * Plans the job as its next run would, and tries each stream.
 *
 * @param mostOfAnEndpoint see checkRooms
 * @throws JobError for an entry that no room fits; what checkRooms throws
 */
export async function checkJob(job: Job, chat: RocketChat, state: State, mostOfAnEndpoint: number): Promise<JobCheck> {
  const list = withFormerNames(await chat.rooms(), state);
  const streams = planStreams(job.extract, list, state);
  const gone = goneStreams(job.extract, list, state).filter(({ key }) => state.lists[key]?.gone !== true);
  const matched = job.extract.map(({ endpoint, rooms }) =>
    selectRooms(list, rooms, endpoints[endpoint].roomTypes).selected.filter(({ withheld }) => withheld === undefined),
  );
  const server = { url: chat.url, version: await chat.version(), user: chat.user };
  return {
    server,
    matched,
    withheld: withheldRooms(job.extract, list),
    checks: [...(await checkRooms(chat, streams, mostOfAnEndpoint)), ...gone.map(goneCheck)],
  };
}

function goneCheck(stream: GoneStream): StreamCheck {
  const { reason, message } = goneGap(stream);
  return { kind: 'refused', stream, reason, message, hint: gapHint(reason) };
}
