import type { State } from '../archive/state.ts';
import { changesEndpoint } from '../extractors/read-changes.ts';
import type { OpenRun } from './open-run.ts';
import type { RunOutcomes } from './stream-outcome.ts';

/** How long the server's trash keeps what was deleted. Source: the TTL index of packages/models/src/models/Trash.ts */
const trashMs = 30 * 86_400_000;

/** What a run could not have seen, in sentences for the manifest. */
export function notesOn(state: State, openRun: OpenRun, { streams, changes }: RunOutcomes): readonly string[] {
  const { unchanged, startedAt } = openRun;
  const read = new Set([...streams.map(({ stream }) => stream.key), ...unchanged]);
  const left = Object.entries(state.streams).filter(
    ([key, { endpoint }]) => endpoint !== changesEndpoint && !read.has(key),
  );
  const versions = streams.reduce((sum, { proof }) => sum + proof.versions, 0);
  const late = changes.filter(
    ({ changes: { cursor } }) => Date.parse(startedAt) - (cursor.watermark?.tsMs ?? 0) > trashMs,
  );
  return [
    ...(unchanged.length === 0
      ? []
      : [
          `${unchanged.length} streams were not read: the room list shows no change. An edit or a reaction to a message that is not the last of its room is found when the room is asked once more (see lookback) or changes otherwise.`,
        ]),
    ...(changes.length === 0
      ? []
      : [
          'Deletions are those that the server tells: it forgets them after 30 days, and tells of none while it keeps the history of messages (Message_KeepHistory).',
        ]),
    ...late.map(
      ({ changes: { room, cursor } }) =>
        `Deletions in room "${room.name}" were asked for since ${new Date(cursor.watermark?.tsMs ?? 0).toISOString()}, and the server remembers 30 days: earlier ones may be missing.`,
    ),
    ...(streams.some(({ stream }) => stream.endpoint === 'chat.getMentionedMessages')
      ? ['chat.getMentionedMessages answers mentions of the user by name only: not @all, @here or a team.']
      : []),
    ...(changes.some(({ changes: { revised } }) =>
      revised.some(
        ({ endpoint, filters }) => endpoint === 'chat.getMentionedMessages' || Object.keys(filters).length > 0,
      ),
    )
      ? ['A message that no longer mentions the user, or no longer passes a filter, keeps its last row.']
      : []),
    ...(streams.some(({ stream }) => stream.via === 'history')
      ? ['Rooms read via history lack the message types that the workspace hides (Hide_System_Messages).']
      : []),
    ...left.map(
      ([, { endpoint, roomName }]) =>
        `Room "${roomName}" (${endpoint}) was read before and is no longer among the rooms that the job finds; its rows stay.`,
    ),
    ...(versions > 0
      ? [
          `The server also sent ${versions} earlier versions of edited messages; they are in the table message_versions, if the job makes it, and in no other.`,
        ]
      : []),
  ];
}
