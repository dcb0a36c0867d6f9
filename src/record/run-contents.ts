import type { FileCoverage, MisplacedFile } from '../archive/manifest/coverage.ts';
import type { Gap, HashedFile } from '../archive/manifest/manifest.ts';
import type { RunContents } from '../archive/publish/prepare.ts';
import type { State } from '../archive/state/state.ts';
import type { LongestPage } from '../model/list/longest-page.ts';
import { changesEndpoint } from '../model/stream.ts';
import { jobFingerprint } from '../job/fingerprint.ts';
import type { Job } from '../job/job.ts';
import type { EndpointCounts } from '../model/rocketchat.ts';
import type { Room } from '../model/room.ts';
import { schemaVersion } from '../tables/tables.ts';
import { tool } from '../version.ts';
import type { LoadResult } from '../model/run/load-result.ts';
import { withUncompared } from './notes/rescan-notes.ts';
import { newlyGone } from '../plan/streams/gone-streams.ts';
import { holeGaps } from './hole-gaps.ts';
import { withoutMet } from './met-in-lists.ts';
import { completedRows, incompleteParts, unreadNotes } from './completion/completed-formats.ts';
import { incompleteTables, plannedLists, tableNotes } from './completion/incomplete-tables.ts';
import { roomsNotReadAgain } from './completion/unread-rooms.ts';
import { nextState } from './next-state.ts';
import { periodOf } from './period-of.ts';
import { runRequest } from './run-request.ts';
import { runCoverage } from './run-coverage.ts';
import { fileNotes } from './notes/file-notes.ts';
import { lateHoldNotes, type LateHold } from './notes/late-hold-notes.ts';
import { misplacedNotes } from './notes/misplaced-notes.ts';
import { notesOn } from './notes/notes-on.ts';
import type { RunPlan, PlannedStream } from '../plan/run-plan.ts';
import type { RunOutcomes, StreamOutcome } from '../plan/stream-outcome.ts';

/** What the run saved of files; `unlooked`: why nobody could look which ones the archive has, a clause. */
export type SavedFiles =
  | { readonly kind: 'unlooked'; readonly because: string }
  | {
      readonly kind: 'saved';
      readonly attachments: readonly HashedFile[];
      readonly coverage: FileCoverage;
      readonly shownNotSaved: number;
    };

export interface RunFacts {
  readonly job: Job;
  readonly state: State;
  readonly runPlan: RunPlan;
  readonly requests: Readonly<Record<string, EndpointCounts>>;
  readonly outcomes: RunOutcomes;
  readonly loaded: LoadResult;
  /** Absent: the job saves none. */
  readonly files?: SavedFiles;
  readonly longestPage: LongestPage;
  /** What the holds of the job came too late for; absent: it has none, or nothing was purged by its time. */
  readonly holds?: { readonly late: readonly LateHold[]; readonly unlooked: string | null } | undefined;
  /** Of earlier links. */
  readonly misplaced: readonly MisplacedFile[];
  /** Of the archive's disk. */
  readonly shortcomings: readonly string[];
  /** ISO 8601. */
  readonly finishedAt: string;
}

/** Misplaced files that a manifest names. */
const mostNamed = 20;

/** What the manifest says of a run. */
export function runContents({
  job,
  state,
  runPlan,
  requests,
  outcomes: read,
  loaded,
  files,
  longestPage,
  holds,
  misplaced,
  shortcomings,
  finishedAt,
}: RunFacts): RunContents {
  const changes = read.changes.map((outcome) => withoutMet(withUncompared(outcome, loaded), read.streams));
  const outcomes = { ...read, changes };
  const after = nextState({ state, runPlan, outcomes, loaded, longestPage });
  const planned = plannedLists(runPlan);
  const lackingRooms = incompleteTables(after, loaded.tables, planned);
  const unread = roomsNotReadAgain(state, after, planned);
  return {
    tool,
    schemaVersion,
    job: { name: job.name, sha256: jobFingerprint(job) },
    server: runPlan.server,
    request: runRequest(job, runPlan),
    startedAt: runPlan.startedAt,
    finishedAt,
    notes: [
      ...notesOn(job, state, runPlan, outcomes, loaded),
      ...(holds === undefined ? [] : lateHoldNotes(holds.late, holds.unlooked)),
      ...tableNotes(runPlan, lackingRooms),
      ...unreadNotes(loaded, unread),
      ...fileNotes(files),
      ...misplacedNotes(misplaced),
      ...shortcomings,
    ],
    tables: loaded.tables,
    steps: loaded.steps,
    files: loaded.files,
    badFields: loaded.badFields,
    ...(Object.keys(loaded.badColumns).length > 0 && { badColumns: loaded.badColumns }),
    requests: Object.fromEntries(
      Object.entries(requests).map(([endpoint, counts]) => [
        endpoint,
        { ...counts, waitedMs: Math.round(counts.waitedMs) },
      ]),
    ),
    lists: [
      ...outcomes.streams.map((outcome) => listOf(outcome, loaded.exported[outcome.stream.journal] ?? 0)),
      ...(outcomes.rereads ?? []).map((outcome) => listOf(outcome, loaded.exported[outcome.stream.journal] ?? 0)),
      ...newlyGone(state, runPlan).map((outcome) => listOf(outcome, 0)),
    ],
    changes: outcomes.changes.map(({ changes, refusal, completeness, gap, holes }) => ({
      endpoint: refusal?.instead?.endpoint ?? changesEndpoint,
      room: roomOf(changes),
      since: new Date(changes.cursor.watermark?.tsMs ?? 0).toISOString(),
      exported: loaded.exported[changes.journal] ?? 0,
      completeness,
      gaps: gapsOf(gap, refusal === null ? holes : holeGaps({ holes: [], via: 'messages' }, holes)),
    })),
    unchanged: runPlan.unchanged.length,
    ...(files?.kind === 'saved' && files.attachments.length > 0 && { attachments: files.attachments }),
    coverage: {
      ...runCoverage(state, runPlan, outcomes, loaded.seen),
      ...(files?.kind === 'saved' && { filesNotDownloaded: files.shownNotSaved, files: files.coverage }),
      ...incompleteParts(loaded, lackingRooms, unread),
      ...(misplaced.length > 0 && {
        misplacedFiles: { count: misplaced.length, first: misplaced.slice(0, mostNamed) },
      }),
    },
    ...completedRows(loaded),
    stateBefore: state,
    state: after,
  };
}

function listOf(
  { stream, completeness, gap, holes }: StreamOutcome<PlannedStream>,
  exported: number,
): RunContents['lists'][number] {
  const { endpoint, via, filters, period } = stream;
  return {
    endpoint,
    room: roomOf(stream),
    via,
    filters: { ...filters },
    ...periodOf(period),
    exported,
    completeness,
    gaps: gapsOf(gap, holeGaps(stream, holes)),
    holes,
  };
}

function gapsOf(gap: StreamOutcome['gap'], holes: readonly Gap[]): readonly Gap[] {
  return [...(gap === null ? [] : [gap]), ...holes.map(({ reason, message }) => ({ reason, message }))];
}

function roomOf({ room: { id, name, type } }: { readonly room: Room }): Pick<Room, 'id' | 'name' | 'type'> {
  return { id, name, type };
}
