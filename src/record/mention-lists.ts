import type { MentionLists } from '../archive/manifest/coverage.ts';
import { ownValue } from '../model/json/own-value.ts';
import type { State } from '../archive/state/state.ts';
import { endpointNamed } from '../endpoints/endpoints.ts';
import { isMentionsEndpoint } from '../endpoints/mentions-endpoint.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import type { StreamOutcome } from '../plan/stream-outcome.ts';

/** A list that a job reads, whether or not anything was new in it. */
interface PlannedList {
  readonly roomId: string;
  readonly isOfMentions: boolean;
}

/**
 * Outcomes that say of a room whether it can be read: those of its messages, or of the mentions of the login where the job
 * reads nothing else.
 */
export function decisiveOutcomes(
  state: Pick<State, 'lists'>,
  plan: Pick<RunPlan, 'unchanged'>,
  outcomes: readonly StreamOutcome[],
): readonly StreamOutcome[] {
  const isAll = plannedLists(state, plan, outcomes).every(({ isOfMentions }) => isOfMentions);
  return isAll ? outcomes : outcomes.filter(({ stream }) => !isOfMentions(stream));
}

/** Lists of mentions that are read to where they end or break off; nothing where the job has none. */
export function mentionLists(
  state: Pick<State, 'lists'>,
  plan: Pick<RunPlan, 'unchanged'>,
  outcomes: readonly StreamOutcome[],
  isRefusal: (outcome: StreamOutcome) => boolean,
): { readonly mentions?: MentionLists } {
  const planned = plannedLists(state, plan, outcomes);
  if (!planned.some((list) => list.isOfMentions)) return {};
  const read = plannedLists(
    state,
    plan,
    outcomes.filter((outcome) => !isRefusal(outcome)),
  ).filter((list) => list.isOfMentions);
  const rooms = new Set(read.map(({ roomId }) => roomId)).size;
  return { mentions: { rooms, isAll: planned.every((list) => list.isOfMentions) } };
}

function plannedLists(
  { lists }: Pick<State, 'lists'>,
  { unchanged }: Pick<RunPlan, 'unchanged'>,
  outcomes: readonly StreamOutcome[],
): readonly PlannedList[] {
  return [
    ...outcomes.map(({ stream }) => ({ roomId: stream.room.id, isOfMentions: isOfMentions(stream) })),
    ...unchanged.flatMap((key) => {
      const list = ownValue(lists, key);
      const endpoint = list === undefined ? undefined : endpointNamed(list.endpoint);
      return list === undefined || endpoint === undefined
        ? []
        : [{ roomId: list.roomId, isOfMentions: isOfMentions({ endpoint: endpoint.name }) }];
    }),
  ];
}

function isOfMentions({ endpoint }: Pick<StreamOutcome['stream'], 'endpoint'>): boolean {
  return isMentionsEndpoint(endpoint);
}
