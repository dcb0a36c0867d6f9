import type { State } from '../archive/state/state.ts';
import type { Job } from '../job/job.ts';
import type { LongestPage } from '../model/list/longest-page.ts';
import type { RocketChat } from '../model/rocketchat.ts';
import { leftOut } from '../plan/rooms/left-out.ts';
import type { ChosenRun } from '../plan/choose-run.ts';
import type { RunEvent } from '../run-event.ts';
import { plannedRequests } from './forecast-run.ts';

interface StartedRun extends ChosenRun {
  readonly job: Job;
  /** Before the run. */
  readonly state: State;
  readonly chat: Pick<RocketChat, 'url' | 'user' | 'counts'>;
  readonly longestPage: LongestPage;
}

/** What a run reports before its first page. Of one that was cut part of the requests are made: none are forecast. */
export function startedEvent({ job, state, chat, runPlan, resumed, longestPage }: StartedRun): RunEvent {
  const { run, streams, changes } = runPlan;
  return {
    kind: 'started',
    run,
    resumed,
    server: chat.url,
    user: chat.user.username,
    streams: streams.length + changes.length,
    leftOut: leftOut(job.extract, runPlan),
    ...(!resumed && { planned: plannedRequests(runPlan, longestPage, state, chat) }),
  };
}
