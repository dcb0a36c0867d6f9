import { seenMark } from '../../archive/state/seen-mark.ts';
import { mostHoles, type ListState, type State } from '../../archive/state/state.ts';
import { isBadMessage } from '../../journal/hole-place.ts';
import type { Room } from '../../model/room.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import type { PlannedStream } from '../../plan/run-plan.ts';
import { sameListKeys } from '../../plan/stream-key.ts';
import type { RunOutcomes } from '../../plan/stream-outcome.ts';
import { countLists } from '../counted-lists.ts';
import type { LoadedRun } from './changes-after.ts';
import { holesAfter } from './holes-after.ts';

/**
 * Where the next run resumes in each list. Those that this run did not read keep their place: their entry may come back to
 * the job.
 *
 * @param reread rooms of which this run read messages or changes
 * @param unsettled rooms that the next run has to ask again, whatever the room list shows
 */
export function listsAfter(
  { state, runPlan, loaded }: LoadedRun,
  outcomes: RunOutcomes,
  { reread, unsettled }: { readonly reread: ReadonlySet<string>; readonly unsettled: ReadonlySet<string> },
): State['lists'] {
  const { streams } = outcomes;
  const read = streams.map(({ stream, cursor, gap, holes }): [string, ListState] => [
    stream.key,
    {
      endpoint: stream.endpoint,
      roomId: stream.room.id,
      roomName: stream.room.name,
      roomType: stream.room.type,
      formerNames: stream.room.formerNames ?? [],
      cursor,
      messages: messagesBefore(state, stream) + (loaded.exported[stream.journal] ?? 0),
      complete: gap === null,
      seen: gap === null && holes.every(isBadMessage) && !unsettled.has(stream.room.id) ? markOf(stream.room) : null,
      gone: false,
      ...(stream.room.unjoined === true && { unjoined: true }),
      holes: holesAfter({ stream, holes, gap }, runPlan.run).slice(-mostHoles),
    },
  ]);
  const { counted } = countLists({ state, outcomes, loaded, nowMs: runPlan.silence.nowMs });
  const withCounted = ([key, list]: readonly [string, ListState]): [string, ListState] => {
    const { counted: before, ...rest } = list;
    const after = counted.has(key) || reread.has(list.roomId) ? counted.get(key) : before;
    return [key, { ...rest, ...omitUndefined({ counted: after }) }];
  };
  const gone = runPlan.gone.flatMap(({ key }): [string, ListState][] => {
    const known = state.lists[key];
    return known === undefined ? [] : [[key, { ...known, complete: false, gone: true, seen: null }]];
  });
  // A room whose kind has changed continues under another endpoint.
  const renamed = new Set(
    streams.flatMap(({ stream: { endpoint, room, filters } }) => sameListKeys(endpoint, room.id, filters)),
  );
  const kept = Object.entries(state.lists)
    .filter(([key]) => !renamed.has(key))
    .map(([key, list]): [string, ListState] => [key, withDelivered(list, loaded.delivered[key] ?? [])]);
  return Object.fromEntries([...kept, ...gone, ...read].map(withCounted));
}

function markOf({ changeMark }: Room): string | null {
  return changeMark === null ? null : seenMark(changeMark);
}

function withDelivered(list: ListState, ids: readonly string[]): ListState {
  const { cursor } = list;
  if (ids.length === 0) return list;
  return { ...list, cursor: { ...cursor, deliveredIds: [...new Set([...cursor.deliveredIds, ...ids])] } };
}

/** Rows that earlier runs took of the list, whatever the room's kind was. */
export function messagesBefore(state: State, stream: ListOfRoom): number {
  return listBefore(state, stream)?.messages ?? 0;
}

type ListOfRoom = Pick<PlannedStream, 'endpoint' | 'room' | 'filters'>;

function listBefore(state: State, { endpoint, room, filters }: ListOfRoom): ListState | undefined {
  return sameListKeys(endpoint, room.id, filters).flatMap((key) => state.lists[key] ?? [])[0];
}
