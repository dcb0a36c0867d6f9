import type { State } from '../archive/state/state.ts';
import { endpoints } from '../endpoints/endpoints.ts';
import type { Job } from '../job/job.ts';
import type { LongestPage } from '../model/list/longest-page.ts';
import type { RocketChat } from '../model/rocketchat.ts';
import { changesEndpoint } from '../model/stream.ts';
import { leftOut } from '../plan/left-out.ts';
import type { BegunRun } from '../plan/begin-run.ts';
import type { ExpectedList, PlannedRequests, RunEvent } from '../run-event.ts';
import { assumedPageCap, estimateRun, knownPageCap, knownRows, type StreamEstimate } from './estimate-run.ts';
import { exportedBefore, listCursors, requestCounts, requestsOf, requestsOfARoom } from './forecast-run.ts';
import { countedLength } from './list-length.ts';
import { peopleRequests } from './people-requests.ts';
import { isNarrowed } from './period-share.ts';

interface StartedRun extends BegunRun {
  readonly job: Job;
  /** Before the run. */
  readonly state: State;
  readonly chat: Pick<RocketChat, 'url' | 'user' | 'counts' | 'rateLimits'>;
  readonly longestPage: LongestPage;
}

/**
 * What a run reports before its first page: estimates from what it knows anyway, without those lists of which only the
 * server could tell the length. Of a run that was cut part of the requests are made: it has no `planned`.
 */
export function startedEvent({
  job,
  state,
  chat,
  runPlan,
  resumed,
  givesUpAnother,
  longestPage,
}: StartedRun): RunEvent {
  const { run, streams, changes, rereads } = runPlan;
  const known = knownPageCap(longestPage, listCursors(state));
  const pageRows = known ?? assumedPageCap(longestPage);
  const estimates = estimateRun({
    streams: [...streams, ...rereads],
    longestPage,
    pageCap: pageRows,
    lengthOf: countedLength,
    exportedBefore: exportedBefore(state),
  });
  const ofARoom = requestsOfARoom(runPlan);
  const people = peopleRequests(runPlan.people, state);
  const askedRows = estimates.reduce(
    (most, { stream: { via, pageSize } }) => (via === 'history' ? most : Math.max(most, pageSize ?? pageRows)),
    0,
  );
  const planned: PlannedRequests = {
    ...requestsOf(estimates, changes.length * ofARoom, people, requestCounts(chat)),
    pageRows: Math.min(pageRows, askedRows),
    isPageAssumed: known === undefined && askedRows > 0,
  };
  const expected = [
    ...estimates.map(expectedList),
    ...changes.map(({ journal }) => ({
      stream: journal,
      endpoint: changesEndpoint,
      messages: null,
      requests: ofARoom,
      known: null,
    })),
  ];
  return {
    kind: 'started',
    run,
    resumed,
    server: chat.url,
    user: chat.user.username,
    streams: expected.length,
    expected,
    leftOut: leftOut(job.extract, runPlan),
    ...(!resumed && { planned }),
    ...(givesUpAnother && { givesUpAnother }),
    rateLimits: chat.rateLimits(),
  };
}

function expectedList({ stream, messages, requests }: StreamEstimate): ExpectedList {
  const { journal, endpoint, via, cursor } = stream;
  return {
    stream: journal,
    endpoint: endpoints[endpoint].requested(via),
    messages,
    requests,
    known: isNarrowed(stream) ? null : knownRows(cursor),
  };
}
