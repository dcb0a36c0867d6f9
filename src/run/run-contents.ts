import type { RunContents } from '../archive/prepare.ts';
import type { State, StreamState } from '../archive/state.ts';
import type { LongestPage } from '../extractors/end-proof.ts';
import { jobFingerprint } from '../job/fingerprint.ts';
import type { Job } from '../job/job.ts';
import type { RocketChat } from '../rocketchat/rocketchat.ts';
import { schemaVersion } from '../tables/tables.ts';
import { tool } from '../version.ts';
import type { LoadResult } from './load-plan.ts';
import type { OpenRun } from './open-run.ts';
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
    notes: notesOn(state, outcomes),
    tables: loaded.tables,
    steps: loaded.steps,
    files: loaded.files,
    badFields: loaded.badFields,
    requests: chat.counts(),
    streams: outcomes.map(({ stream, proof, cursor, gap }, index) => ({
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
      cursor,
      messages: (state.streams[stream.key]?.messages ?? 0) + (loaded.exported[index] ?? 0),
      complete: gap === null,
    },
  ]);
  return {
    version: 1,
    run: openRun.run,
    streams: { ...state.streams, ...Object.fromEntries(read) },
    longestPage: {
      ...state.longestPage,
      ...Object.fromEntries(outcomes.map(({ stream }) => [stream.endpoint, longestPage.rows])),
    },
  };
}

function notesOn(state: State, outcomes: readonly StreamOutcome[]): readonly string[] {
  const read = new Set(outcomes.map(({ stream }) => stream.key));
  const left = Object.entries(state.streams).filter(([key]) => !read.has(key));
  const versions = outcomes.reduce((sum, { proof }) => sum + proof.versions, 0);
  return [
    'Edits, reactions and deletions of messages that an earlier run exported are not read again.',
    ...(outcomes.some(({ stream }) => stream.endpoint === 'chat.getMentionedMessages')
      ? ['chat.getMentionedMessages answers mentions of the user by name only: not @all, @here or a team.']
      : []),
    ...(outcomes.some(({ stream }) => stream.via === 'history')
      ? ['Rooms read via history lack the message types that the workspace hides (Hide_System_Messages).']
      : []),
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
