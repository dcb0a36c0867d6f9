import { ownValue } from '../../model/json/own-value.ts';
import type { ListState } from '../../archive/state/state.ts';
import { endpointNamed } from '../../endpoints/endpoints.ts';
import { groupBy } from '../../model/list/group-by.ts';
import { readToMs } from '../../model/time/period.ts';
import { planOfRoom } from '../../plan/plan-of-room.ts';
import type { PlannedStream } from '../../plan/run-plan.ts';
import { knownList } from '../../plan/streams/known-list.ts';
import { hasBeenRead, hasRowsOf } from '../../plan/streams/lacking-in-list.ts';
import type { RunOutcomes } from '../../plan/stream-outcome.ts';
import { isNewOfRoom, tablesServed } from '../../plan/tables-behind.ts';
import type { LoadedRun } from './changes-after.ts';

/**
 * Which tables lack, after a run, what runs have read of a list: those that the run has made of other lists of the room, or
 * that it could not read the list again for; and those that it has not made, where it took what is older than the changes
 * that such a table gets when it is made again.
 *
 * @returns undefined for a list of a room that the run did not read
 */
export function lackingAfter(
  { state, runPlan, loaded }: LoadedRun,
  { streams, rereads = [] }: RunOutcomes,
): (key: string, list: ListState) => readonly string[] | undefined {
  const walksOf = groupBy(streams, ({ stream }) => stream.key);
  const tablesOf = new Map(runPlan.rereads.map(({ journal, tables }) => [journal, tables]));
  const failed = new Map<string, readonly string[]>();
  for (const { stream, gap } of rereads) {
    const { key, journal } = stream;
    if (gap !== null) failed.set(key, [...(failed.get(key) ?? []), ...(tablesOf.get(journal) ?? [])]);
  }
  return (key, { endpoint, roomId }) => {
    const { streams: ofRoom, changes } = planOfRoom(runPlan, roomId);
    const planned = changes?.revised ?? ofRoom;
    const list = endpointNamed(endpoint);
    if (planned.length === 0 || list === undefined) return undefined;
    const walks = walksOf.get(key) ?? [];
    const [first] = walks;
    const before = first === undefined ? ownValue(state.lists, key) : knownList(state, first.stream);
    const known = ownValue(state.changes, roomId);
    if (known === undefined) return [];
    const made = { has: (table: string) => Object.hasOwn(loaded.tables, table) };
    const served = new Set(tablesServed(known, { endpoints: planned.map((one) => one.endpoint), made }));
    const isPlanned = planned.some((one) => one.key === key);
    const isAnew = first?.stream.spans.every(({ cursor }) => cursor.watermark === null) === true;
    const lacked = before?.lacking ?? [];
    const wasRead = before !== undefined && hasBeenRead(before);
    const tookEarlier = walks.some(({ stream, completeness }) => completeness.messages > 0 && !readsOn(stream, before));
    const { tables: ofKnown = [], behind = {} } = known;
    const tables = new Set([...ofKnown, ...Object.keys(behind), ...served, ...lacked]);
    return [...tables]
      .filter((table) => {
        if (!hasRowsOf(list.table, table)) return false;
        const hasLacked = wasRead && (isNewOfRoom(known, table) || lacked.includes(table));
        if (isPlanned && served.has(table)) {
          return hasLacked && !isAnew && failed.get(key)?.includes(table) === true;
        }
        return hasLacked || (tookEarlier && table !== 'users');
      })
      .sort();
  };
}

/** Whether a walk takes only what came after all that was known of a list: what is that new shows in changes, too. */
function readsOn({ isSought, cursor }: PlannedStream, before: ListState | undefined): boolean {
  if (before === undefined || isSought || before.cursor.watermark === null) return false;
  const isWhole = before.complete && before.untilMs === undefined && before.holes.length === 0;
  return isWhole && readToMs(cursor) === readToMs(before.cursor);
}
