import { peopleAfter } from '../archive/state/known-people.ts';
import type { ChangesState, State } from '../archive/state/state.ts';
import { groupBy } from '../model/list/group-by.ts';
import type { LongestPage } from '../model/list/longest-page.ts';
import type { PlannedShard } from '../plan/run-plan.ts';
import { roomsAfter } from '../plan/room-rows.ts';
import type { RunOutcomes } from '../plan/stream-outcome.ts';
import { leftOutAfter } from './run-coverage.ts';
import { changesAfter, isReadToTheEnd, type LoadedRun } from './state/changes-after.ts';
import { listsAfter } from './state/lists-after.ts';

interface RunEnd extends LoadedRun {
  readonly outcomes: RunOutcomes;
  readonly longestPage: LongestPage;
}

/** What the next run must know. */
export function nextState({ state, runPlan, outcomes, loaded, longestPage }: RunEnd): State {
  const loadedRun = { state, runPlan, loaded };
  const { streams, changes } = outcomes;
  const rooms = new Map(
    [...streams.map(({ stream }) => stream), ...runPlan.changes].map(({ room }) => [room.id, room]),
  );
  const listsOf = groupBy(streams, ({ stream }) => stream.room.id);
  const leftOut = leftOutAfter(state, runPlan, outcomes, loaded.seen);
  // What is behind an edit leaves no trace in the room list: a room with something left to read must be asked again.
  const unsettled = new Set([
    ...Object.keys(loaded.deferred),
    ...Object.entries(loaded.versions).flatMap(([roomId, { isUnsettled }]) => (isUnsettled ? [roomId] : [])),
    ...changes.flatMap((outcome) => {
      const { id } = outcome.changes.room;
      return isReadToTheEnd(outcome, listsOf.get(id) ?? []) ? [] : [id];
    }),
  ]);
  const outcomeOf = new Map(changes.map((outcome) => [outcome.changes.room.id, outcome]));
  const changesRead = [...rooms.values()].map((room): [string, ChangesState] => {
    const outcome = outcomeOf.get(room.id);
    const lists = listsOf.get(room.id) ?? [];
    return [room.id, changesAfter(loadedRun, room, outcome, lists, unsettled.has(room.id))];
  });
  return {
    version: 2,
    run: runPlan.run,
    longestPage: Math.max(state.longestPage, longestPage.rows),
    lists: listsAfter(loadedRun, outcomes, { reread: new Set(rooms.keys()), unsettled }),
    changes: { ...state.changes, ...Object.fromEntries(changesRead) },
    // A run that was cut may be resumed for a job that no longer makes the table.
    rooms: Object.hasOwn(loaded.tables, 'rooms') ? roomsAfter(state, runPlan.rooms) : state.rooms,
    ...(Object.keys(leftOut).length > 0 && { leftOut }),
    ...(state.purges !== undefined && { purges: state.purges }),
    ...(runPlan.shard !== undefined && { shard: shardAfter(runPlan.shard) }),
    ...peopleAfter(state, loaded.people.known),
  };
}

function shardAfter({ index, count, elsewhere }: PlannedShard): State['shard'] & object {
  return { index, count, elsewhere };
}
