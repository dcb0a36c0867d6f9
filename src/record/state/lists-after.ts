import type { ListState, State } from '../../archive/state/state.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import { sameListKeys } from '../../plan/stream-key.ts';
import type { RunOutcomes } from '../../plan/stream-outcome.ts';
import { countLists } from './counted-lists.ts';
import type { LoadedRun } from './changes-after.ts';
import { lackingAfter } from './lacking-after.ts';
import { listStates } from './list-states.ts';

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
  const read = listStates({ state, runPlan, streams, loaded }, unsettled);
  const { counted } = countLists({ state, outcomes, loaded, nowMs: runPlan.silence.nowMs });
  // Of most of many rooms nothing has changed: what is known of those is not copied.
  const withCounted = ([key, list]: readonly [string, ListState]): [string, ListState] => {
    const { counted: before, ...rest } = list;
    const after = counted.has(key) || reread.has(list.roomId) ? counted.get(key) : before;
    return [key, after === before ? list : { ...rest, ...omitUndefined({ counted: after }) }];
  };
  const gone = runPlan.gone.flatMap(({ key }): [string, ListState][] => {
    const known = state.lists[key];
    return known === undefined ? [] : [[key, { ...known, complete: false, gone: true, seen: null }]];
  });
  // A room whose kind has changed continues under another endpoint.
  const renamed = new Set(
    streams.flatMap(({ stream: { endpoint, room, filters } }) => sameListKeys(endpoint, room.id, filters)),
  );
  const withheld = new Set(runPlan.withheld.map(({ id }) => id));
  const kept = Object.entries(state.lists)
    .filter(([key]) => !renamed.has(key))
    .map(([key, list]): [string, ListState] => {
      const after = withDelivered(list, loaded.delivered[key] ?? []);
      return [key, withheld.has(list.roomId) ? { ...after, withheld: true } : after];
    });
  const lacking = lackingAfter({ state, runPlan, loaded }, outcomes);
  const withLacking = ([key, list]: readonly [string, ListState]): [string, ListState] => {
    const { lacking: before, ...rest } = list;
    const tables = lacking(key, rest) ?? before ?? [];
    if (tables === before || (before === undefined && tables.length === 0)) return [key, list];
    return [key, tables.length === 0 ? rest : { ...rest, lacking: tables }];
  };
  return Object.fromEntries([...kept, ...gone, ...read].map(withCounted).map(withLacking));
}

function withDelivered(list: ListState, ids: readonly string[]): ListState {
  const { cursor } = list;
  if (ids.length === 0) return list;
  return { ...list, cursor: { ...cursor, deliveredIds: [...new Set([...cursor.deliveredIds, ...ids])] } };
}
