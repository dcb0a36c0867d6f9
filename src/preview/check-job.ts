import { expectOwnFolder } from '../archive/expect-own-folder.ts';
import { readPurgeRules } from '../archive/purges/read-purges.ts';
import type { State } from '../archive/state/state.ts';
import { readStoredState } from '../archive/stored-state/read-stored-state.ts';
import { endpoints } from '../endpoints/endpoints.ts';
import type { EndpointName } from '../endpoints/endpoint-name.ts';
import { expectSamePseudonyms } from '../job/expect-same-pseudonyms.ts';
import type { ExtractEntry, Job } from '../job/job.ts';
import { checkedRooms } from '../model/run/checked-rooms.ts';
import type { Shard } from '../model/run/shard.ts';
import type { Room } from '../model/room.ts';
import type { Via } from '../model/stream.ts';
import { entryRooms } from '../plan/rooms/entry-rooms.ts';
import { seenRooms } from '../plan/rooms/seen-rooms.ts';
import { scopeNotes } from '../plan/rooms/scope-notes.ts';
import { checkLoadable } from '../load/check-loadable.ts';
import { completionAhead } from '../load/ahead/completion-ahead.ts';
import { whyReadAgain, whyRefill } from '../load/ahead/why-read-again.ts';
import { planRereads } from '../plan/streams/plan-rereads.ts';
import { goneGap, goneStreams } from '../plan/streams/gone-streams.ts';
import { withFormerNames } from '../plan/rooms/known-rooms.ts';
import type { GoneStream } from '../plan/run-plan.ts';
import { planStreams } from '../plan/streams/plan-streams.ts';
import { withheldRooms } from '../plan/rooms/withheld-rooms.ts';
import { expectSameShard } from '../plan/shard/expect-same-shard.ts';
import { ownRooms, type IsOwnRoom } from '../plan/shard/own-rooms.ts';
import { systemSurroundings } from '../system/system-surroundings.ts';
import { checkRooms, type StreamCheck } from './check-rooms.ts';
import { gapHint } from '../record/gap-hints.ts';
import { filesAhead, type FilesAhead } from './files-ahead.ts';
import { exportedBefore } from './forecast-run.ts';
import { look, serverOf, type JobServer, type LookOptions } from './look.ts';

/** How much a check tries, and what replaces parts of the environment. */
export interface CheckOptions extends LookOptions {
  /**
   * Rooms that are tried of each endpoint; `Infinity` tries all. Default: `checkedRooms`.
   */
  readonly roomsPerEndpoint?: number;
}

/** Whether one room can be read by one endpoint. */
export type RoomCheck = {
  readonly endpoint: EndpointName;
  readonly via: Via;
  /** Where the requests of a run go, and those of the check: `groups.history` for a group that is read by history. */
  readonly requested: string;
  readonly room: Pick<Room, 'id' | 'name' | 'type'>;
} & (
  | {
      readonly result: 'readable';
      /** Messages in the whole list; null where the server does not say. */
      readonly total: number | null;
    }
  | {
      readonly result: 'refused';
      /** As in a gap of a manifest. */
      readonly reason: string;
      readonly message: string;
      readonly hint: string;
    }
  /** Not tried: enough of this endpoint were. */
  | { readonly result: 'skipped' }
);

/** A room that the job names and a run leaves out, and why. */
export interface WithheldRoom extends Pick<Room, 'id' | 'name' | 'type'> {
  readonly reason: NonNullable<Room['withheld']>;
}

/** What a workspace makes of a job. */
export interface JobCheck {
  /** The job's name. */
  readonly job: string;
  readonly server: JobServer;
  /** The job's entries in their order. */
  readonly entries: readonly {
    /** null: each room is read by the endpoint of its kind. */
    readonly endpoint: EndpointName | null;
    readonly via: Via;
    readonly rooms: readonly string[];
    /** How many rooms it reads. */
    readonly matched: number;
    /** Its exclusions that exclude no room, as written. */
    readonly unmatchedExclusions: readonly string[];
  }[];
  /** Which part of the workspace the job reads, and how many of the rooms belong to the others. Absent: it reads all of it. */
  readonly shard?: Shard & { readonly otherRooms: number };
  /** A run would end with a gap for each that is refused. */
  readonly rooms: readonly RoomCheck[];
  readonly leftOut: readonly WithheldRoom[];
  /** Files to be downloaded, as `plan` has them; null: the job saves none. */
  readonly files: FilesAhead | null;
  /**
   * Rooms that the login has not joined and that are left out, lists of such rooms that the server refuses, and what the next
   * run completes because the job got formats or tables.
   */
  readonly notes: readonly string[];
}

/**
 * Tries a job without exporting: loads its plug-ins, connects, plans as the next run would, and asks for one message of
 * every room, which takes the same permission as reading them all. The connection is opened and closed; nothing is
 * written.
 *
 * @returns what each entry matches and whether each room can be read; a refusal is a result, not an error
 * @throws JobError for a plug-in that does not load or an entry that no room fits; OutputError for a damaged archive or
 *   a folder that an archive cannot have;
 *   AccessError, UnreachableError, StoppedError; the signal's reason when it is aborted
 */
export async function checkJob(job: Job, options: CheckOptions = {}): Promise<JobCheck> {
  const { disk = systemSurroundings().disk, roomsPerEndpoint = checkedRooms } = options;
  await expectOwnFolder(disk, job.output);
  await checkLoadable(disk, job);
  const state = await readStoredState(disk, job.output);
  expectSameShard(job, state);
  expectSamePseudonyms(job, await readPurgeRules(disk, job.output, state));
  const made = new Set<string>(job.transform.tables);
  return look(job, options, async ({ chat }) => {
    const seen = await seenRooms(chat, job.extract, state);
    const list = withFormerNames(seen.rooms, state);
    const isOwn = ownRooms(job.shard, seen.lookedUp);
    const streams = planStreams(job.extract, list, state).filter(({ room }) => isOwn(room.id));
    const gone = goneStreams(job.extract, list, state, seen).filter(({ key }) => state.lists[key]?.gone !== true);
    const checks = [...(await checkRooms(chat, streams, roomsPerEndpoint)), ...gone.map(goneCheck)];
    const again = await whyReadAgain(disk, job);
    const rereads = again === null ? planRereads(streams, state, made, job.transform.steps ?? []) : [];
    return {
      job: job.name,
      server: await serverOf(chat),
      entries: job.extract.map((entry) => entryCheck(list, entry, isOwn)),
      ...(job.shard !== undefined && {
        shard: { ...job.shard, otherRooms: list.filter(({ id }) => !isOwn(id)).length },
      }),
      rooms: checks.map(roomCheck),
      notes: [
        ...scopeNotes(seen),
        ...(await completionAhead(disk, job, state.run, rereads, again, await whyRefill(disk, job))),
      ],
      files: await filesAhead(disk, job, state.run + 1, unread(checks, state)),
      leftOut: withheldRooms(job.extract, list).flatMap(({ id, name, type, withheld }) =>
        withheld === undefined || !isOwn(id) ? [] : [{ id, name, type, reason: withheld }],
      ),
    };
  });
}

/** Messages that no run has read, of the rooms that were tried. */
function unread(checks: readonly StreamCheck[], state: State): number {
  return checks.reduce((sum, check) => {
    const left = check.kind === 'readable' ? (check.total ?? 0) - exportedBefore(state)(check.stream) : 0;
    return sum + Math.max(0, left);
  }, 0);
}

function entryCheck(list: readonly Room[], entry: ExtractEntry, isOwn: IsOwnRoom): JobCheck['entries'][number] {
  const { endpoint = null, via = 'messages', rooms } = entry;
  const { selected, unmatchedExclusions } = entryRooms(entry, list);
  const matched = selected.filter(({ id, withheld }) => withheld === undefined && isOwn(id)).length;
  return { endpoint, via, rooms, matched, unmatchedExclusions };
}

function goneCheck(stream: GoneStream): StreamCheck {
  const { reason, message } = goneGap(stream);
  return { kind: 'refused', stream, reason, message, hint: gapHint(reason) };
}

function roomCheck(one: StreamCheck): RoomCheck {
  const { endpoint, via, room } = one.stream;
  const named = {
    endpoint,
    via,
    requested: endpoints[endpoint].requested(via),
    room: { id: room.id, name: room.name, type: room.type },
  };
  switch (one.kind) {
    case 'readable':
      return { ...named, result: one.kind, total: one.total };
    case 'refused':
      return { ...named, result: one.kind, reason: one.reason, message: one.message, hint: one.hint };
    case 'skipped':
      return { ...named, result: one.kind };
  }
}
