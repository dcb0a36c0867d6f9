import type { State } from '../archive/state/state.ts';
import type { Disk } from '../system/disk.ts';
import { unknownOperator, type Operator } from '../system/operator.ts';
import { extractFingerprint } from '../job/fingerprint.ts';
import { defaultLookbackMs, type Job } from '../job/job.ts';
import type { RocketChat } from '../model/rocketchat.ts';
import { checkStarredIds } from './check-starred-ids.ts';
import { goneStreams } from './streams/gone-streams.ts';
import { hiddenTypesOf } from './hidden-types.ts';
import { withFormerNames } from './rooms/known-rooms.ts';
import { withJournals } from './journal-path.ts';
import { readRunPlan } from './stored/run-plan-file.ts';
import { type RunPlan } from './run-plan.ts';
import { changesFromMs, isUnchanged, planChanges } from './plan-changes.ts';
import { restoredRooms } from './rooms/restored-rooms.ts';
import { planStreams } from './streams/plan-streams.ts';
import { planPeople } from './people/plan-people.ts';
import { planRooms } from './room-rows.ts';
import { leftOutRooms } from './rooms/left-out-rooms.ts';
import { seenRooms } from './rooms/seen-rooms.ts';
import { expectSameShard } from './shard/expect-same-shard.ts';
import { ownRooms } from './shard/own-rooms.ts';
import { wordsElsewhere } from './shard/words-elsewhere.ts';
import { planRereads } from './streams/plan-rereads.ts';
import { holdsOutside } from './spans/spans.ts';
import { withheldRooms } from './rooms/withheld-rooms.ts';

export interface ChooseOptions {
  /** See planChanges. Default: false. */
  readonly isEveryRoom?: boolean;
  /** Who begins the run. Default: nobody knows. */
  readonly operator?: Operator;
}

export interface ChosenRun {
  readonly runPlan: RunPlan;
  /** Whether it was cut, and is resumed. */
  readonly resumed: boolean;
}

/**
 * The run to carry on with: the one that was cut, when it read for the same job as the same user, else a new one. Only
 * for a new one the server is asked for its rooms. Writes nothing.
 *
 * @param startedAt ISO 8601: now
 * @throws JobError when the job's rooms do not fit the rooms of the workspace, a filter not the user, or its shard not the archive
 */
export async function chooseRun(
  disk: Disk,
  job: Job,
  state: State,
  chat: RocketChat,
  startedAt: string,
  { isEveryRoom = false, operator = unknownOperator }: ChooseOptions = {},
): Promise<ChosenRun> {
  expectSameShard(job, state);
  const extractSha256 = extractFingerprint(job);
  const { tables } = job.transform;
  const cut = await readRunPlan(disk, job.output, state, { extractSha256, tables });
  if (cut?.server.user.id === chat.user.id) return { runPlan: cut, resumed: true };

  checkStarredIds(job.extract, chat.user);
  const { rooms: listed, lookedUp, ...seen } = await seenRooms(chat, job.extract, state);
  const rooms = withFormerNames(listed, state);
  const isOwn = ownRooms(job.shard, lookedUp);
  // What the job's words mean is judged over all rooms, the same in every shard.
  const planned = planStreams(job.extract, rooms, state).filter(({ room }) => isOwn(room.id));
  const streams = planned.filter((stream) => !isUnchanged(stream, state));
  const read = new Set(streams.map(({ key }) => key));
  const gone = goneStreams(job.extract, rooms, state, seen);
  const nowMs = Date.parse(startedAt);
  const silence = { nowMs, lookbackMs: job.lookbackMs ?? defaultLookbackMs };
  const restored = restoredRooms(rooms, state);
  const changes = planChanges(planned, state, {
    silence,
    restored,
    isEveryRoom,
    made: new Set(tables),
  });
  const runPlan: RunPlan = {
    version: 14,
    run: state.run + 1,
    startedAt,
    extractSha256,
    tables,
    // Where nothing is read, it does not matter which version would have answered.
    server: {
      url: chat.url,
      version: streams.length + changes.length > 0 ? await chat.version() : null,
      user: chat.user,
    },
    requestedBy: { ...operator, roles: chat.roles },
    ...withJournals(streams, changes, planRereads(planned, state, new Set(tables), job.transform.steps ?? [])),
    changesFromMs: changesFromMs(rooms, Math.min(nowMs, chat.serverNowMs())),
    silence,
    unchanged: planned.flatMap(({ key }) => (read.has(key) ? [] : [key])),
    listsOutsidePeriod: new Set(planned.filter(holdsOutside).map(({ key }) => key)).size,
    hiddenTypes: await hiddenTypesOf(streams, chat),
    gone,
    // Whether or not the job makes the table now: it may when the run is resumed.
    rooms: planRooms(
      planned,
      gone.filter(({ reason }) => reason === 'room-gone'),
      state,
    ),
    people: planPeople(
      planned.map(({ room }) => room),
      state,
      { tables, isEveryRoom },
    ),
    withheld: withheldRooms(job.extract, rooms).filter(({ id }) => isOwn(id)),
    seen: {
      ...seen,
      listed: rooms.length,
      joined: rooms.filter(({ unjoined }) => unjoined !== true).length,
      leftOut: leftOutRooms(job.extract, rooms).filter(({ id }) => isOwn(id)),
      discussions: rooms.flatMap(({ id, parentId }) => (parentId === null ? [] : [id])),
    },
    ...(job.shard !== undefined && {
      shard: {
        ...job.shard,
        otherRooms: rooms.filter(({ id }) => !isOwn(id)).length,
        elsewhere: wordsElsewhere(job.extract, rooms, state, isOwn),
      },
    }),
  };
  return { runPlan, resumed: false };
}
