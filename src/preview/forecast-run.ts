import { join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import { readSharedJournal } from '../journal/shared/shared-journal.ts';
import type { PlannedRequests } from '../run-event.ts';
import { readPurgeRules } from '../archive/purges/read-purges.ts';
import { readStoredState } from '../archive/stored-state/read-stored-state.ts';
import { resetRooms } from '../archive/state/state-change.ts';
import type { State } from '../archive/state/state.ts';
import type { Disk } from '../system/disk.ts';
import { changesEndpoint, type Cursor } from '../model/stream.ts';
import { readJournal, type JournalContents } from '../journal/journal-contents.ts';
import { expectSamePseudonyms } from '../job/expect-same-pseudonyms.ts';
import type { Job } from '../job/job.ts';
import type { RateLimit, RocketChat } from '../model/rocketchat.ts';
import { completionAhead } from '../load/ahead/completion-ahead.ts';
import { whyReadAgain, whyRefill } from '../load/ahead/why-read-again.ts';
import { chooseRun } from '../plan/choose-run.ts';
import { assumedPageCap, estimateRun, knownPageCap, type StreamEstimate } from './estimate-run.ts';
import { learnPageCap, measureLists } from './list-length.ts';
import { countUnlisted, peopleRequests } from './people-requests.ts';
import { pagesChanges } from '../extract/changes/pages-changes.ts';
import { periodShares } from './period-share.ts';
import { journalPath } from '../plan/journal-path.ts';
import type { PlannedReread, PlannedShard, PlannedStream, RunPlan } from '../plan/run-plan.ts';
import { endpoints } from '../endpoints/endpoints.ts';

export interface RunForecast extends PlannedRequests {
  readonly run: number;
  /** Absent: it reads the whole workspace. */
  readonly shard?: Pick<PlannedShard, 'index' | 'count' | 'otherRooms'>;
  /** It was cut (or is at work at this moment), and only what is left of it is planned. */
  readonly resumed: boolean;
  readonly streams: readonly StreamEstimate[];
  /** Rooms of which it asks what changed since the last run, and the requests if little did. */
  readonly changes: { readonly rooms: number; readonly requests: number };
  /** What it completes because the job got formats or tables, in sentences. */
  readonly completes: readonly string[];
  readonly rateLimits: Readonly<Record<string, RateLimit>>;
  /** Requests that it took to make this plan, by endpoint. */
  readonly asked: Readonly<Record<string, number>>;
}

/**
 * What the next run of a job will read, from a handful of requests: it chooses its streams as the run does, then asks
 * for the length of some lists. Writes nothing and needs no lock, so another process may be writing to the archive.
 *
 * @param now ISO 8601
 * @param isEveryRoom see planChanges
 * @throws as a run would before its first page: JobError, OutputError for a damaged archive, what `RocketChat.get` throws
 */
export async function forecastRun(
  disk: Disk,
  job: Job,
  chat: RocketChat,
  now: string,
  isEveryRoom = false,
): Promise<RunForecast> {
  const stored = await readStoredState(disk, job.output);
  expectSamePseudonyms(job, await readPurgeRules(disk, job.output, stored));
  const again = await whyReadAgain(disk, job);
  const state = again === null ? stored : { ...resetRooms(stored, 'all'), run: stored.run + 1 };
  const { runPlan, resumed } = await chooseRun(disk, job, state, chat, now, { isEveryRoom });
  const made = requestCounts(chat);
  const journals = resumed ? await readJournals(disk, job.output, runPlan) : undefined;
  const longestPage = { rows: Math.max(state.longestPage, ...[...(journals?.values() ?? [])].map(longestIn)) };

  const streams = [...runPlan.streams, ...runPlan.rereads];
  const open = streams.filter(({ journal }) => journals?.get(journal)?.closing == null);
  const known = knownPageCap(longestPage, listCursors(state)) ?? (await learnPageCap(chat, open));
  const lengths = await measureLists(chat, open);
  const shares = await periodShares(chat, open, runPlan.silence.nowMs);
  const estimates = estimateRun({
    streams,
    longestPage,
    pageCap: known ?? assumedPageCap(longestPage),
    shareOf: (stream) => shares.get(stream),
    lengthOf: (stream) => lengths.get(stream) ?? { kind: 'unknown' },
    exportedBefore: exportedBefore(state),
    ...(journals !== undefined && { journals }),
  });
  const unlisted = await countUnlisted(chat, runPlan.people, state);
  const changes = await changesLeft(disk, job.output, runPlan, resumed);
  const { shard } = runPlan;
  return {
    run: runPlan.run,
    resumed,
    ...(shard !== undefined && { shard: { index: shard.index, count: shard.count, otherRooms: shard.otherRooms } }),
    streams: estimates,
    changes,
    ...requestsOf(estimates, changes.requests, peopleRequests(runPlan.people, state, unlisted), made),
    pageRows: known ?? assumedPageCap(longestPage),
    isPageAssumed: known === undefined,
    completes: await completionAhead(disk, job, stored.run, runPlan.rereads, again, await whyRefill(disk, job)),
    rateLimits: chat.rateLimits(),
    asked: requestCounts(chat),
  };
}

/** Of a list that is read once more, for a new table, all is to be read. */
export function exportedBefore({ lists }: State): (stream: PlannedStream | PlannedReread) => number {
  return (stream) => ('tables' in stream ? 0 : (lists[stream.key]?.messages ?? 0));
}

export function listCursors({ lists }: State): readonly Cursor[] {
  return Object.values(lists).map(({ cursor }) => cursor);
}

async function changesLeft(
  disk: Disk,
  archive: string,
  runPlan: RunPlan,
  resumed: boolean,
): Promise<RunForecast['changes']> {
  let rooms = runPlan.changes.length;
  for (const changes of resumed ? runPlan.changes : []) {
    if ((await readJournal(disk, journalPath(archive, changes))).closing !== null) rooms -= 1;
  }
  return { rooms, requests: rooms * requestsOfARoom(runPlan) };
}

/** Deletions and updates are two lists, unless the server reports both at once. */
export function requestsOfARoom({ server }: RunPlan): number {
  return pagesChanges(server.version) ? 2 : 1;
}

export function requestsOf(
  estimates: readonly StreamEstimate[],
  changeRequests: number,
  people: ReadonlyMap<string, number | null>,
  made: Readonly<Record<string, number>>,
): Pick<PlannedRequests, 'requests' | 'unknown'> {
  const requests: Record<string, number> = {
    ...made,
    ...(changeRequests > 0 && { [changesEndpoint]: changeRequests }),
  };
  const unknown = new Set<string>();
  const add = (endpoint: string, count: number | null): void => {
    if (count === null) unknown.add(endpoint);
    else if (count > 0) requests[endpoint] = (requests[endpoint] ?? 0) + count;
  };
  for (const { stream, requests: count } of estimates) {
    add(endpoints[stream.endpoint].requested(stream.via), count);
  }
  for (const [endpoint, count] of people) add(endpoint, count);
  // A part of an endpoint's requests would be compared with all of them.
  const whole = Object.entries(requests).filter(([endpoint]) => !unknown.has(endpoint));
  return { requests: Object.fromEntries(whole), unknown: [...unknown] };
}

export function requestCounts(chat: Pick<RocketChat, 'counts'>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(chat.counts()).map(([endpoint, { requests }]) => [endpoint, requests]));
}

async function readJournals(
  disk: Disk,
  archive: string,
  { streams, rereads }: RunPlan,
): Promise<ReadonlyMap<string, JournalContents>> {
  const { entries } = await readSharedJournal(disk, join(archive, archivePaths.journal));
  const journals = new Map<string, JournalContents>();
  for (const stream of [...streams, ...rereads]) {
    const shared = entries.get(stream.journal)?.contents;
    journals.set(stream.journal, shared ?? (await readJournal(disk, journalPath(archive, stream))));
  }
  return journals;
}

/** An unlimited page says nothing about the cap. */
function longestIn({ pages }: JournalContents): number {
  return Math.max(0, ...pages.map(({ asked, rows }) => (asked.kind === 'offset' && asked.count > 0 ? rows : 0)));
}
