import type { RunContents } from '../archive/prepare.ts';
import type { State, StreamState } from '../archive/state.ts';
import type { LongestPage } from '../extractors/end-proof.ts';
import { jobFingerprint } from '../job/fingerprint.ts';
import type { Job } from '../job/job.ts';
import type { RocketChat } from '../rocketchat/rocketchat.ts';
import { schemaVersion } from '../tables/tables.ts';
import { tool } from '../version.ts';
import type { LoadResult } from './load-plan.ts';
import { goneGap } from './gone-streams.ts';
import type { OpenRun, PlannedStream } from './open-run.ts';
import { noProof } from './proof.ts';
import { sameListKeys } from './stream-key.ts';
import type { StreamOutcome } from './stream-outcome.ts';

export interface RunFacts {
  readonly job: Job;
  readonly state: State;
  readonly openRun: OpenRun;
  readonly chat: Pick<RocketChat, 'counts'>;
  readonly outcomes: readonly StreamOutcome[];
  readonly loaded: LoadResult;
  readonly longestPage: LongestPage;
  /** ISO 8601. */
  readonly finishedAt: string;
}

/** What the manifest says of a run. */
export function runContents({
  job,
  state,
  openRun,
  chat,
  outcomes,
  loaded,
  longestPage,
  finishedAt,
}: RunFacts): RunContents {
  return {
    run: openRun.run,
    tool,
    schemaVersion,
    job: { name: job.name, sha256: jobFingerprint(job) },
    server: openRun.server,
    startedAt: openRun.startedAt,
    finishedAt,
    notes: notesOn(job, state, openRun, outcomes),
    tables: loaded.tables,
    steps: loaded.steps,
    files: loaded.files,
    badFields: loaded.badFields,
    requests: chat.counts(),
    streams: [...outcomes, ...newlyGone(state, openRun)].map(({ stream, proof, cursor, gap }, index) => ({
      endpoint: stream.endpoint,
      room: { id: stream.room.id, name: stream.room.name, type: stream.room.type },
      via: stream.via,
      filters: { ...stream.filters },
      proof,
      exported: loaded.exported[index] ?? 0,
      requests: null,
      gap,
      cursor,
    })),
    state: nextState(state, openRun, outcomes, loaded, longestPage),
  };
}

/**
 * Rooms that this run is the first to miss. Later ones only note it: a job that runs every night must not fail for ever
 * because of one room that was deleted.
 */
function newlyGone(state: State, { gone = [] }: OpenRun): readonly StreamOutcome[] {
  return gone
    .filter(({ key }) => state.streams[key]?.gone !== true)
    .map((stream) => ({ stream, proof: noProof, cursor: stream.cursor, gap: goneGap(stream) }));
}

/** Streams that this run did not read keep their place: their entry may come back to the job. */
function nextState(
  state: State,
  openRun: OpenRun,
  outcomes: readonly StreamOutcome[],
  loaded: LoadResult,
  longestPage: LongestPage,
): State {
  const read = outcomes.map(({ stream, cursor, gap }, index): [string, StreamState] => [
    stream.key,
    {
      endpoint: stream.endpoint,
      roomId: stream.room.id,
      roomName: stream.room.name,
      roomType: stream.room.type,
      ...(stream.room.formerNames !== undefined && { formerNames: stream.room.formerNames }),
      cursor,
      messages: messagesBefore(state, stream) + (loaded.exported[index] ?? 0),
      complete: gap === null,
    },
  ]);
  const gone = (openRun.gone ?? []).flatMap(({ key }): [string, StreamState][] => {
    const known = state.streams[key];
    return known === undefined ? [] : [[key, { ...known, complete: false, gone: true }]];
  });
  // A room whose kind has changed goes on under another endpoint.
  const renamed = new Set(
    outcomes.flatMap(({ stream: { endpoint, room, filters } }) => sameListKeys(endpoint, room.id, filters)),
  );
  const kept = Object.entries(state.streams).filter(([key]) => !renamed.has(key));
  return {
    version: 1,
    run: openRun.run,
    streams: { ...Object.fromEntries(kept), ...Object.fromEntries(gone), ...Object.fromEntries(read) },
    longestPage: {
      ...state.longestPage,
      ...Object.fromEntries(outcomes.map(({ stream }) => [stream.endpoint, longestPage.rows])),
    },
  };
}

/** Rows that earlier runs took of the list, whatever the room's kind was. */
function messagesBefore(state: State, { endpoint, room, filters }: PlannedStream): number {
  return sameListKeys(endpoint, room.id, filters).flatMap((key) => state.streams[key] ?? [])[0]?.messages ?? 0;
}

function notesOn(
  job: Job,
  state: State,
  { gone = [] }: OpenRun,
  outcomes: readonly StreamOutcome[],
): readonly string[] {
  const read = new Set(
    outcomes.flatMap(({ stream: { endpoint, room, filters } }) => sameListKeys(endpoint, room.id, filters)),
  );
  const missed = new Set(gone.map(({ key }) => key));
  const left = Object.entries(state.streams).filter(([key]) => !read.has(key) && !missed.has(key));
  const versions = outcomes.reduce((sum, { proof }) => sum + proof.versions, 0);
  return [
    'Edits, reactions and deletions of messages that an earlier run exported are not read again.',
    ...(outcomes.some(({ stream }) => stream.endpoint === 'chat.getMentionedMessages')
      ? ['chat.getMentionedMessages answers mentions of the user by name only: not @all, @here or a team.']
      : []),
    ...(outcomes.some(({ stream }) => stream.via === 'history')
      ? ['Rooms read via history lack the message types that the workspace hides (Hide_System_Messages).']
      : []),
    ...renamedRooms(job, outcomes).map(
      ({ name, formerName }) =>
        `Room "${name}" is named "${formerName}" in the job, as it was before: it is read on as the same room.`,
    ),
    ...outcomes
      .filter(({ stream }) => stream.cursor.watermark === null && messagesBefore(state, stream) > 0)
      .map(
        ({ stream: { endpoint, room } }) =>
          `Room "${room.name}" (${endpoint}) was read again from its beginning, as the state was told to: rows of earlier runs come again.`,
      ),
    ...gone.map(
      ({ endpoint, room }) =>
        `Room "${room.name}" (${endpoint}) was read before and is gone: deleted, or left by the login. Its rows stay; it is read on if it comes back.`,
    ),
    ...left.map(
      ([, { endpoint, roomName }]) =>
        `Room "${roomName}" (${endpoint}) was read before and is no longer among the rooms that the job finds; its rows stay.`,
    ),
    ...(versions > 0
      ? [
          `The server also sent ${versions} earlier versions of edited messages; they are in no table, only in raw pages.`,
        ]
      : []),
  ];
}

/** Rooms that the job finds by names they no longer have. */
function renamedRooms(
  { extract }: Job,
  outcomes: readonly StreamOutcome[],
): readonly { readonly name: string; readonly formerName: string }[] {
  const patterns = new Set(extract.flatMap(({ rooms }) => rooms));
  const rooms = new Map(outcomes.map(({ stream: { room } }) => [room.id, room]));
  return [...rooms.values()].flatMap(({ name, formerNames = [] }) =>
    formerNames.filter((formerName) => patterns.has(formerName)).map((formerName) => ({ name, formerName })),
  );
}
