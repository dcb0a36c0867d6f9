import type { Coverage } from '../archive/manifest/coverage.ts';
import type { LeftOutState, State } from '../archive/state/state.ts';
import type { DiscussionKind, Room, StartedDiscussion } from '../model/room.ts';
import { ownValue } from '../model/json/own-value.ts';
import type { LoadResult } from '../model/run/load-result.ts';
import { type LeftOutReason } from '../archive/state/left-out.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { decisiveOutcomes, mentionLists } from './mention-lists.ts';
import type { RunOutcomes, StreamOutcome } from '../plan/stream-outcome.ts';

/** Reasons of gaps that say no to a whole room. */
const refusals: readonly string[] = ['not-allowed', 'room-not-found', 'room-archived'];

const goneReasons = { 'room-gone': 'gone', 'room-kind': 'kind-not-asked', 'room-renamed': 'no-entry' } as const;

/** Of a discussion nothing is known but the message that started it. */
export const discussionType = 'discussion';

/**
 * Rooms of the archive that are in no list of the server, and that the job does not ask for: a channel or discussion that a job
 * with `scope: readable` read without having joined it, or a room that is gone since.
 */
function unlistedRooms(
  { lists }: Pick<State, 'lists'>,
  { seen, gone, unchanged }: RunPlan,
  streams: readonly StreamOutcome[],
): Readonly<Record<string, LeftOutState>> {
  const known = new Set([
    ...[...streams.map(({ stream }) => stream), ...gone].map(({ room }) => room.id),
    ...unchanged.map((key) => ownValue(lists, key)?.roomId),
    ...seen.leftOut.map(({ id }) => id),
    ...seen.discussions,
  ]);
  const rooms = Object.values(lists).filter(({ roomId }) => !known.has(roomId));
  // The server refused the lists that would have them.
  const isUnlisted = (roomType: string): boolean => seen.isOnlyGroups === true && roomType !== 'private';
  return Object.fromEntries(
    rooms.map(({ roomId, roomName, roomType, unjoined }): [string, LeftOutState] => [
      roomId,
      { roomName, roomType, reason: unjoined === true ? 'not-joined' : isUnlisted(roomType) ? 'refused' : 'gone' },
    ]),
  );
}

/**
 * By room id. Discussions that messages of this run or of earlier ones started count, too, where the server's lists do not
 * have them.
 */
export function leftOutAfter(
  before: Pick<State, 'leftOut' | 'lists'>,
  runPlan: RunPlan,
  { streams }: Pick<RunOutcomes, 'streams'>,
  { discussions }: Pick<LoadResult['seen'], 'discussions'>,
): Readonly<Record<string, LeftOutState>> {
  const { seen, gone, unchanged } = runPlan;
  const earlier = Object.entries(before.leftOut ?? {}).flatMap(
    ([id, { roomName, roomType, discussion }]): [string, StartedDiscussion][] =>
      roomType === discussionType || discussion !== undefined
        ? [[id, { name: roomName, kind: discussion ?? 'private' }]]
        : [],
  );
  const listed = new Set(seen.discussions);
  // A channel that becomes private keeps its public discussions.
  const known = Object.fromEntries(earlier);
  const started = Object.entries(discussions).filter(([id]) => ownValue(known, id)?.kind !== 'public');
  const unlisted = Object.entries({ ...known, ...Object.fromEntries(started) }).filter(([id]) => !listed.has(id));
  const refused = decisiveOutcomes(before, { unchanged }, streams).filter(isRefusal);
  const { unreadable } = seen;
  const wasRefused = (id: string): boolean =>
    unreadable !== null && (unreadable.includes(id) || ownValue(before.leftOut ?? {}, id)?.reason === 'refused');
  return {
    ...Object.fromEntries(
      unlisted.map(([id, { name: roomName, kind: discussion }]): [string, LeftOutState] => {
        const reason = wasRefused(id) ? 'refused' : 'not-joined';
        return [id, { roomName, roomType: discussionType, reason, discussion }];
      }),
    ),
    ...unlistedRooms(before, runPlan, streams),
    ...Object.fromEntries(gone.map(({ room, reason }) => leftOutEntry(room, goneReasons[reason]))),
    ...Object.fromEntries(
      seen.leftOut.map((room) => leftOutEntry(room, room.reason, listed.has(room.id) ? kindOf(room) : undefined)),
    ),
    ...Object.fromEntries(refused.map(({ stream }) => leftOutEntry(stream.room, 'refused'))),
  };
}

function leftOutEntry(
  { id, name, type }: Pick<Room, 'id' | 'name' | 'type'>,
  reason: LeftOutReason,
  discussion?: DiscussionKind,
): [string, LeftOutState] {
  return [id, { roomName: name, roomType: type, reason, ...(discussion && { discussion }) }];
}

function kindOf({ type }: Pick<Room, 'type'>): DiscussionKind {
  return type === 'channel' ? 'public' : 'private';
}

/**
 * Public channels that are not named among the rooms left out: of all that the server counts those are taken off that are,
 * discussions in public channels, too. null: nobody counted.
 */
export function otherChannels(
  { channelsLeftOut }: Pick<RunPlan['seen'], 'channelsLeftOut'>,
  leftOut: State['leftOut'] = {},
): number | null {
  if (channelsLeftOut === null) return null;
  const named = Object.values(leftOut).filter(
    ({ roomType, reason, discussion }) =>
      (roomType === 'channel' && reason === 'not-joined') || (roomType === discussionType && discussion === 'public'),
  );
  return Math.max(0, channelsLeftOut - named.length);
}

function isRefusal({ gap }: Pick<StreamOutcome, 'gap'>): boolean {
  return gap !== null && refusals.includes(gap.reason);
}

/** What the manifest says of rooms and messages beside what was read. */
export function runCoverage(
  before: Pick<State, 'leftOut' | 'lists'>,
  runPlan: RunPlan,
  outcomes: Pick<RunOutcomes, 'streams'>,
  { encryptedMessages, files, discussions }: LoadResult['seen'],
): Coverage {
  const { seen, gone, shard } = runPlan;
  const after = leftOutAfter(before, runPlan, outcomes, { discussions });
  const reasons = Object.values(after).map(({ reason }) => reason);
  const missing = new Set(gone.filter(({ reason }) => reason === 'room-gone').map(({ room }) => room.id));
  const { listed } = seen;
  const archived = Object.values(unlistedRooms(before, runPlan, outcomes.streams));
  const channelsLeftOut = otherChannels(seen, after);
  const named = reasons.filter((reason) => reason === 'not-joined').length;
  // Those that are named are not all where the server refuses to count or list the channels.
  const isUnknown = channelsLeftOut === null && (named === 0 || seen.refused.length > 0);
  const notJoined = isUnknown ? null : named + (channelsLeftOut ?? 0);
  const countOf = (reason: LeftOutReason): number => reasons.filter((one) => one === reason).length;
  const leftOut: Coverage['rooms']['leftOut'] = {
    'no-entry': countOf('no-entry'),
    'kind-not-asked': countOf('kind-not-asked'),
    'not-joined': notJoined,
    invited: countOf('invited'),
    banned: countOf('banned'),
    refused: countOf('refused'),
    gone: countOf('gone'),
  };
  const unlisted = Object.values(after).filter(({ roomType }) => roomType === discussionType);
  const total = listed + missing.size + unlisted.length + archived.length;
  const failed = failedRooms(before, runPlan, outcomes.streams).filter((id) => !Object.hasOwn(after, id)).length;
  return {
    rooms: {
      seen: total + (channelsLeftOut ?? 0),
      ...(seen.joined !== undefined && { joined: seen.joined }),
      read: total - reasons.length - failed - (shard?.otherRooms ?? 0),
      ...(failed > 0 && { failed }),
      ...(shard !== undefined && { otherShards: shard.otherRooms }),
      leftOut,
      ...mentionLists(before, runPlan, outcomes.streams, (outcome) => isRefusal(outcome) || isFailure(before, outcome)),
    },
    changed: changed(before.leftOut ?? {}, after),
    encryptedMessages,
    filesNotDownloaded: files,
    listsOutsidePeriod: runPlan.listsOutsidePeriod,
    hiddenTypes: runPlan.hiddenTypes,
  };
}

/** Ids of rooms whose lists all ended before anything of them was read, in this run and earlier ones. */
function failedRooms(
  before: Pick<State, 'lists'>,
  plan: Pick<RunPlan, 'unchanged'>,
  streams: readonly StreamOutcome[],
): readonly string[] {
  const outcomes = decisiveOutcomes(before, plan, streams);
  const read = new Set([
    ...outcomes.filter((outcome) => !isFailure(before, outcome)).map(({ stream }) => stream.room.id),
    ...plan.unchanged.map((key) => ownValue(before.lists, key)?.roomId),
  ]);
  return [...new Set(outcomes.map(({ stream }) => stream.room.id))].filter((id) => !read.has(id));
}

function isFailure(before: Pick<State, 'lists'>, { stream, gap, completeness }: StreamOutcome): boolean {
  if (gap === null || completeness.pages > 0) return false;
  const list = ownValue(before.lists, stream.key);
  return list === undefined || (!list.complete && list.messages === 0);
}

function changed(
  before: Readonly<Record<string, LeftOutState>>,
  after: Readonly<Record<string, LeftOutState>>,
): Coverage['changed'] {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return ids.flatMap((id) => {
    const [was, is] = [ownValue(before, id), ownValue(after, id)];
    const room = is ?? was;
    if (room === undefined || was?.reason === is?.reason) return [];
    return [
      {
        room: { id, name: room.roomName, type: room.roomType },
        before: was?.reason ?? null,
        now: is?.reason ?? null,
      },
    ];
  });
}
