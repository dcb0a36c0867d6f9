import { dayMs } from '../../model/time/durations.ts';
import { completionNotes, damagedNotes } from '../completion/completed-formats.ts';
import { isCovered } from '../completion/covered-list.ts';
import { noRoomsNote } from './no-rooms-note.ts';
import { ownValue } from '../../model/json/own-value.ts';
import { mostHoles, type ListState, type State } from '../../archive/state/state.ts';
import { endpoints } from '../../endpoints/endpoints.ts';
import type { Job } from '../../job/job.ts';
import { isBadMessage } from '../../journal/hole-place.ts';
import { forgottenHoles } from '../state/holes-after.ts';
import { messagesBefore } from '../state/list-states.ts';
import type { LoadResult } from '../../model/run/load-result.ts';
import { purgedNotes } from './purged-notes.ts';
import { periodNotes } from './period-notes.ts';
import { rescanNotes } from './rescan-notes.ts';
import { countNotes, miscountNotes } from './count-notes.ts';
import { goneGap } from '../../plan/streams/gone-streams.ts';
import type { GoneStream, RunPlan } from '../../plan/run-plan.ts';
import { sameListKeys } from '../../plan/stream-key.ts';
import type { RunOutcomes, StreamOutcome } from '../../plan/stream-outcome.ts';
import { scopeNotes } from '../../plan/rooms/scope-notes.ts';
import { withheldNote } from '../../plan/rooms/withheld-rooms.ts';
import { countLists } from '../state/counted-lists.ts';
import { discussionType, leftOutAfter, otherChannels } from '../run-coverage.ts';
import { viaNotes } from './via-notes.ts';
import { unreadEditsNote } from '../state/unread-edits.ts';

/** How long the server's trash keeps what was deleted. Source: the TTL index of packages/models/src/models/Trash.ts */
const trashMs = 30 * dayMs;

/** What a run could not have seen, in sentences for the manifest. */
export function notesOn(
  job: Job,
  state: State,
  runPlan: RunPlan,
  { streams, changes }: RunOutcomes,
  loaded: Pick<
    LoadResult,
    | 'uncompared'
    | 'unlooked'
    | 'balances'
    | 'unread'
    | 'tables'
    | 'people'
    | 'seen'
    | 'completion'
    | 'damaged'
    | 'steps'
  >,
): readonly string[] {
  const { run, unchanged, startedAt, gone, silence, withheld, seen, shard } = runPlan;
  const { uncompared, unlooked } = loaded;
  const read = new Set([
    ...streams.flatMap(({ stream: { endpoint, room, filters } }) => sameListKeys(endpoint, room.id, filters)),
    ...unchanged,
    ...gone.map(({ key }) => key),
  ]);
  const ofUnchanged = unchanged.flatMap((key) => ownValue(state.lists, key)?.roomId ?? []);
  const roomsFound = new Set([...streams.map(({ stream }) => stream.room.id), ...ofUnchanged]);
  const left = Object.entries(state.lists).filter(
    ([key, list]) => !read.has(key) && !withheld.some(({ id }) => id === list.roomId) && !isCovered(state, key, list),
  );
  const leftOut = leftOutAfter(state, runPlan, { streams }, loaded.seen);
  const versions = streams.reduce((sum, { completeness }) => sum + completeness.versions, 0);
  const reported = changes.filter(({ refusal }) => refusal === null);
  const told = new Set(reported.map(({ changes: { room } }) => room.id));
  const late = reported.filter(
    ({ changes: { cursor } }) => Date.parse(startedAt) - (cursor.watermark?.tsMs ?? 0) > trashMs,
  );
  return [
    // That a shard of a small workspace has no room is nobody's mistake.
    ...(read.size === 0 && withheld.length === 0 && (shard?.otherRooms ?? 0) === 0 ? [noRoomsNote] : []),
    ...(unchanged.length === 0
      ? []
      : [
          `${unchanged.length} ${unchanged.length === 1 ? 'list was' : 'lists were'} not read: the room list shows no change.${ofUnchanged.every((id) => told.has(id)) ? '' : ' Edits and reactions to messages before the last one of a room are found when the room next changes, after an idle time (lookback), or by --every-room.'}`,
        ]),
    ...(reported.length === 0
      ? []
      : [
          'Only deletions that the server reports are known: it does so for 30 days, and not at all if Message_KeepHistory is on.',
        ]),
    ...rescanNotes(changes, uncompared),
    ...late.map(
      ({ changes: { room, cursor } }) =>
        `Deletions in room "${room.name}" were requested since ${new Date(cursor.watermark?.tsMs ?? 0).toISOString()}, and the server reports those of 30 days only: earlier ones may be missing.`,
    ),
    ...new Set(streams.flatMap(({ stream }) => endpoints[stream.endpoint].lacks ?? [])),
    ...(uncompared?.kind === 'note' && reported.length > 0
      ? [
          `What changed could not be compared with the rows of the archive (${uncompared.message}): every change that the server reported is a row, also of messages that no run had written, and each tombstone has the time of the deletion as its ts.`,
        ]
      : []),
    ...(unlooked === null
      ? []
      : [
          `Whether messages that were read for the first time, or again, have rows of earlier runs in other tables could not be looked up (${unlooked}): messages that a step of the job drops now stay, and so do rows of mentions, reactions, attachments and links that such a message no longer has.`,
        ]),
    ...hiddenTypesNotes(runPlan.hiddenTypes),
    ...viaNotes(job, streams),
    ...periodNotes(runPlan, streams),
    ...renamedRooms(job, streams).map(
      ({ name, formerName }) =>
        `Room "${name}" is named "${formerName}" in the job, as it was before: it continues as the same room.`,
    ),
    ...streams
      .filter(({ stream }) => stream.mayReplace && !stream.isNew && messagesBefore(state, stream) > 0)
      .map(
        ({ stream: { endpoint, room } }) =>
          `Room "${room.name}" (${endpoint}) was read again from its beginning, after a state reset: rows of earlier runs are exported again.`,
      ),
    ...withheld.map(withheldNote),
    ...scopeNotes({ ...seen, channelsLeftOut: otherChannels(seen, leftOut) }),
    ...startedNotes(leftOut, seen),
    ...purgedNotes(loaded.steps),
    ...loaded.people.notes,
    ...completionNotes(loaded),
    ...damagedNotes(loaded),
    ...countNotes(streams),
    ...miscountNotes(
      countLists({ state, outcomes: { streams, changes }, loaded, nowMs: silence.nowMs }).miscounts,
      silence,
    ),
    ...streams.flatMap((outcome) => forgottenHolesNote(outcome, run)),
    ...gone.map(goneNote),
    ...Object.values(state.lists).flatMap(badMessagesNote),
    ...Object.values(state.changes).flatMap(unreadEditsNote),
    // Of two lists by different filters the same is to be said.
    ...new Set(
      left.map(([, { endpoint, roomName, roomId }]) =>
        roomsFound.has(roomId)
          ? `A list of room "${roomName}" (${endpoint}) was read before, and the job reads the room by other filters or another endpoint now; its rows stay.`
          : `Room "${roomName}" (${endpoint}) was read before and is no longer among the rooms that the job finds; its rows stay.`,
      ),
    ),
    ...(versions > 0
      ? [
          `The server also sent ${versions} earlier versions of edited messages; they are in the table message_versions, if the job makes it, and in no other.`,
        ]
      : []),
  ];
}

/** Discussions that nobody has looked up yet: messages of this run started them, or more were started than one run looks up. */
function startedNotes(leftOut: State['leftOut'], { unreadable }: RunPlan['seen']): readonly string[] {
  const untried = Object.values(leftOut ?? {}).filter(
    ({ roomType, reason }) => roomType === discussionType && reason === 'not-joined',
  ).length;
  if (unreadable === null || untried === 0) return [];
  return [
    `${untried === 1 ? 'One discussion that a message started is' : `${untried} discussions that messages started are`} in no list of rooms: the next run looks whether the login can read ${untried === 1 ? 'it' : 'them'}.`,
  ];
}

function hiddenTypesNotes({ lists, types }: RunPlan['hiddenTypes']): readonly string[] {
  if (lists === 0 || types?.length === 0) return [];
  const named = types === null ? 'the server does not say which' : types.join(', ');
  return [
    `${lists === 1 ? 'One list was read by its history, which lacks' : `${lists} lists were read by their history, which lacks`} the types of messages that the workspace hides (Hide_System_Messages): ${named}.`,
  ];
}

function goneNote(stream: GoneStream): string {
  const { endpoint, room, reason } = stream;
  if (reason !== 'room-gone') return `${goneGap(stream).message}. Its rows stay.`;
  return `Room "${room.name}" (${endpoint}) was read before and is gone: deleted, or left by the login. Its rows stay; reading continues if it comes back.`;
}

/** Holes are reported once, as gaps: a later run names only those that the state keeps. */
function forgottenHolesNote(outcome: StreamOutcome, run: number): readonly string[] {
  const { endpoint, room } = outcome.stream;
  const forgotten = forgottenHoles(outcome, run);
  if (forgotten === 0) return [];
  return [
    `Room "${room.name}" (${endpoint}): ${forgotten + mostHoles} places could not be read, and the state keeps the newest ${mostHoles}: the ${forgotten} before them are named in the manifests of the runs that found them, and are not tried again.`,
  ];
}

/** Messages that earlier runs reported as gaps. */
function badMessagesNote({ endpoint, roomName, holes }: ListState): readonly string[] {
  const bad = holes.filter(isBadMessage);
  if (bad.length === 0) return [];
  const named = bad
    .slice(0, 10)
    .map(({ id, offset, firstRun }) => `${id === null ? `number ${offset + 1}` : `"${id}"`} (run ${firstRun})`);
  return [
    `Room "${roomName}" (${endpoint}): ${bad.length} ${bad.length === 1 ? 'message of an earlier run makes' : 'messages of earlier runs make'} no row: ${named.join(', ')}${bad.length > 10 ? '…' : ''}; the responses with them are in _raw.`,
  ];
}

/** Rooms that the job finds by names they no longer have. */
function renamedRooms(
  { extract }: Job,
  streams: RunOutcomes['streams'],
): readonly { readonly name: string; readonly formerName: string }[] {
  const patterns = new Set(extract.flatMap(({ rooms }) => rooms));
  const rooms = new Map(streams.map(({ stream: { room } }) => [room.id, room]));
  return [...rooms.values()].flatMap(({ name, formerNames = [] }) =>
    formerNames.filter((formerName) => patterns.has(formerName)).map((formerName) => ({ name, formerName })),
  );
}
