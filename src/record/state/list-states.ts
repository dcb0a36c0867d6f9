import { seenMark } from '../../archive/state/seen-mark.ts';
import { mostHoles, type ListState, type State } from '../../archive/state/state.ts';
import { distinctHoles, isBadMessage } from '../../journal/hole-place.ts';
import { readToMs } from '../../model/time/period.ts';
import type { LoadResult } from '../../model/run/load-result.ts';
import type { Span } from '../../model/stream.ts';
import type { RunPlan } from '../../plan/run-plan.ts';
import { knownList, type ListOfRoom } from '../../plan/streams/known-list.ts';
import { joinSpans } from '../../plan/spans/spans.ts';
import type { StreamOutcome } from '../../plan/stream-outcome.ts';
import { holesAfter } from './holes-after.ts';

interface ReadLists {
  /** Before the run. */
  readonly state: State;
  readonly loaded: Pick<LoadResult, 'exported'>;
  readonly runPlan: Pick<RunPlan, 'run'>;
  readonly streams: readonly StreamOutcome[];
}

/**
 * What the next run must know of the lists that this one has read, by key.
 *
 * @param unsettled rooms, by id, that have to be asked again whatever the room list shows
 */
export function listStates(
  { streams, ...run }: ReadLists,
  unsettled: ReadonlySet<string>,
): readonly (readonly [string, ListState])[] {
  const walksOf = new Map<string, StreamOutcome[]>();
  for (const outcome of streams) {
    const { key } = outcome.stream;
    walksOf.set(key, [...(walksOf.get(key) ?? []), outcome]);
  }
  return [...walksOf].flatMap(([key, walks]) => {
    const last = walks.at(-1);
    if (last === undefined) return [];
    return [[key, listState(run, last, walks, unsettled.has(last.stream.room.id))] as const];
  });
}

/** @param walks over one list, the last of which is `last` */
function listState(
  { state, runPlan, loaded }: Omit<ReadLists, 'streams'>,
  last: StreamOutcome,
  walks: readonly StreamOutcome[],
  isUnsettled: boolean,
): ListState {
  const { stream } = last;
  const { room, period } = stream;
  const complete = walks.every(({ gap }) => gap === null);
  const isWhole = complete && walks.every(({ holes }) => holes.every(isBadMessage));
  const exported = walks.reduce((sum, walk) => sum + (loaded.exported[walk.stream.journal] ?? 0), 0);
  const spans = spansAfter(walks);
  const { sinceMs, cursor } = spans.at(-1) ?? { sinceMs: stream.sinceMs, cursor: last.cursor };
  // A walk that found nothing in its period leaves no span: the end of an older one is none up to which all was read.
  const isToTheEnd = readToMs(cursor) === readToMs(last.cursor);
  return {
    endpoint: stream.endpoint,
    roomId: room.id,
    roomName: room.name,
    roomType: room.type,
    formerNames: room.formerNames ?? [],
    cursor,
    ...(sinceMs !== null && { sinceMs }),
    ...(period.untilMs !== null && { untilMs: period.untilMs }),
    ...(spans.length > 1 && { earlier: spans.slice(0, -1) }),
    messages: messagesBefore(state, stream) + exported,
    complete,
    seen: isWhole && isToTheEnd && !isUnsettled && room.changeMark !== null ? seenMark(room.changeMark) : null,
    gone: false,
    ...(room.unjoined === true && { unjoined: true }),
    holes: distinctHoles(walks.flatMap((walk) => holesAfter(walk, runPlan.run))).slice(-mostHoles),
  };
}

/** A walk reads its own span on; the others are as they were. */
function spansAfter(walks: readonly StreamOutcome[]): readonly Span[] {
  const walked = walks.map(({ stream: { sinceMs }, cursor }) => ({ sinceMs, cursor }));
  const kept = (walks[0]?.stream.spans ?? []).filter((span) => walked.every(({ sinceMs }) => sinceMs !== span.sinceMs));
  return joinSpans([...kept, ...walked]);
}

/** Rows that earlier runs took of the list, whatever the room's kind was. */
export function messagesBefore(state: State, stream: ListOfRoom): number {
  return knownList(state, stream)?.messages ?? 0;
}
