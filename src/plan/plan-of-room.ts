import { groupBy } from '../model/list/group-by.ts';
import type { PlannedChanges, RunPlan, RunStream } from './run-plan.ts';

interface PlanOfRoom {
  readonly streams: readonly RunStream[];
  /** Undefined: no changes are asked for. */
  readonly changes: PlannedChanges | undefined;
}

type Plan = Pick<RunPlan, 'streams'> & Partial<Pick<RunPlan, 'changes'>>;

interface ByRoom {
  readonly streams: ReadonlyMap<string, readonly RunStream[]>;
  readonly changes: ReadonlyMap<string, PlannedChanges>;
}

/** Plans never change: what was found of one holds as long as it lives. */
const plans = new WeakMap<Plan, ByRoom>();

/**
 * What a run reads of one room. Of each of some thousand rooms it is asked several times: looking through all lists each
 * time took more than reading the rooms.
 */
export function planOfRoom(plan: Plan, roomId: string): PlanOfRoom {
  let byRoom = plans.get(plan);
  if (byRoom === undefined) {
    const { streams, changes = [] } = plan;
    byRoom = {
      streams: groupBy(streams, ({ room }) => room.id),
      changes: new Map(changes.map((planned) => [planned.room.id, planned])),
    };
    plans.set(plan, byRoom);
  }
  return { streams: byRoom.streams.get(roomId) ?? [], changes: byRoom.changes.get(roomId) };
}
