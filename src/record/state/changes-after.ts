import { ownValue } from '../../model/json/own-value.ts';
import { mostKnownChanges, type ChangesState, type State } from '../../archive/state/state.ts';
import { endpoints } from '../../endpoints/endpoints.ts';
import { isBadMessage } from '../../journal/hole-place.ts';
import { changeKeyMs } from '../../model/changes.ts';
import type { Room } from '../../model/room.ts';
import type { LoadResult } from '../../model/run/load-result.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import { comparedStream, isWholeList } from '../../plan/streams/compared-stream.ts';
import { silenceMark } from '../../plan/plan-changes.ts';
import { planOfRoom } from '../../plan/plan-of-room.ts';
import type { PlannedChanges, RunPlan } from '../../plan/run-plan.ts';
import type { ChangesOutcome, StreamOutcome } from '../../plan/stream-outcome.ts';
import { progressAfter } from '../../plan/tables-behind.ts';
import { changedKey, metInLists } from '../met-in-lists.ts';
import { unreadEdits } from './unread-edits.ts';
import { knownBefore, stillToCompare } from './after-comparison.ts';

/** A run whose journals are loaded, and the state before it. */
export interface LoadedRun {
  readonly state: State;
  readonly runPlan: RunPlan;
  readonly loaded: LoadResult;
}

/**
 * Whether nothing of what changed in a room is left to the next run. Of one that was compared with the archive all that it
 * reports is: a deletion may be that of a row which the archive has in another room. Of one that was looked back at, what
 * happened where it could not be read; and all, when its list began anew and there was nothing to look back from.
 */
export function isReadToTheEnd(
  { gap, refusal, changes, holes }: ChangesOutcome,
  lists: readonly StreamOutcome[],
): boolean {
  if (gap !== null || refusal === null) return gap === null;
  if (changes.compared !== null || comparedStream(changes)?.cursor.watermark === null) return false;
  return [...holes, ...lists.flatMap((list) => list.holes)].every(isBadMessage);
}

/**
 * Where the next run resumes in the changes of a room, of which this run has read the messages, the changes or both.
 */
export function changesAfter(
  { state, runPlan, loaded }: LoadedRun,
  room: Room,
  outcome: ChangesOutcome | undefined,
  lists: readonly StreamOutcome[],
  isUnsettled: boolean,
): ChangesState {
  const { silence, changesFromMs } = runPlan;
  const known = ownValue(state.changes, room.id);
  const isRead = outcome === undefined ? known === undefined : isReadToTheEnd(outcome, lists);
  // The server's border is exclusive: what is left to the next run lies behind it.
  const deferredMs = (ownValue(loaded.deferred, room.id) ?? Number.POSITIVE_INFINITY) - 1;
  const toldMs = Math.min(isRead ? changesFromMs : (known?.sinceMs ?? changesFromMs), deferredMs);
  // Looking back says nothing of older messages: what changed in them is left to the run that is not refused any more.
  const askedMs = outcome?.changes.cursor.watermark?.tsMs ?? known?.sinceMs ?? toldMs;
  const isRefused = (outcome?.refusal ?? null) !== null;
  const sinceMs = isRefused ? Math.min(toldMs, askedMs) : toldMs;
  // Else `sinceMs` says when the room was read.
  const readMs = isRefused ? toldMs : 0;
  const earlier = knownBefore(known, outcome);
  const own = ownValue(loaded.versions, room.id)?.known ?? {};
  const unreadable = unreadableIn(outcome, lists);
  const byTable = [...new Set([...Object.keys(earlier), ...Object.keys(own), ...Object.keys(unreadable)])].map(
    (table) => {
      const keys = [...new Set([...(earlier[table] ?? []), ...(own[table] ?? []), ...(unreadable[table] ?? [])])];
      return { table, ...newestChanges(keys, toldMs) };
    },
  );
  const unread = unreadEdits(known, outcome, Object.values(own).flat(), runPlan.run);
  return {
    roomName: room.name,
    ...(unread.length > 0 && { unread }),
    ...omitUndefined({
      compare: stillToCompare(known, outcome, readAnew(loaded, room, lists), isPartlyHidden(runPlan, lists)),
    }),
    ...progressOf({ runPlan, loaded }, room, known, isRead ? (outcome?.changes ?? 'first') : 'gap'),
    sinceMs,
    known: Object.fromEntries(byTable.map(({ table, keys }) => [table, keys])),
    knownSinceMs: Math.max(...byTable.map((keys) => keys.sinceMs), isRead ? readMs : (known?.knownSinceMs ?? 0)),
    rows: (known?.rows ?? 0) + (outcome === undefined ? 0 : (loaded.exported[outcome.changes.journal] ?? 0)),
    complete: isRead,
    seen: isRead && !isUnsettled ? silenceMark(room, silence) : null,
  };
}

/** Of a list that filters nothing is missing: what is hidden are words of the system. */
function isPartlyHidden({ hiddenTypes: { types } }: RunPlan, lists: readonly StreamOutcome[]): boolean {
  const byTime = lists.filter(({ stream }) => stream.via === 'history');
  return types?.length !== 0 && byTime.some(({ stream }) => endpoints[stream.endpoint].isWhole(stream.filters));
}

function readAnew(
  { uncomparedRooms, tables }: LoadResult,
  room: Room,
  lists: readonly StreamOutcome[],
): 'compared' | 'uncompared' | null {
  if (uncomparedRooms.includes(room.id)) return 'uncompared';
  const whole = lists.find(({ stream }) => isWholeList(stream));
  const isAnew = whole?.gap === null && whole.stream.cursor.watermark === null && whole.stream.untilMs === null;
  return isAnew && Object.hasOwn(tables, 'messages') ? 'compared' : null;
}

/** @param read the changes that were read to their end; `first`: the room had none yet; `gap`: they were not */
function progressOf(
  { runPlan, loaded }: Pick<LoadedRun, 'runPlan' | 'loaded'>,
  room: Room,
  known: ChangesState | undefined,
  read: PlannedChanges | 'first' | 'gap',
): Pick<ChangesState, 'tables' | 'behind'> {
  const { streams, changes: planned } = planOfRoom(runPlan, room.id);
  const lists = planned?.revised ?? streams;
  const coverage = {
    endpoints: lists.map(({ endpoint }) => endpoint),
    made: { has: (table: string) => Object.hasOwn(loaded.tables, table) },
  };
  const askedMs = read === 'gap' ? null : read === 'first' ? 0 : (read.cursor.watermark?.tsMs ?? 0);
  const { tables, behind } = progressAfter(known, askedMs, coverage);
  return { tables, ...(Object.keys(behind).length > 0 && { behind }) };
}

/** What was reported as unreadable is known to every table: one report of it is enough. */
function unreadableIn(
  outcome: ChangesOutcome | undefined,
  lists: readonly StreamOutcome[],
): Readonly<Record<string, readonly string[]>> {
  const changed = outcome?.refusal === null ? outcome.holes.map(changedKey) : [];
  const keys = [...metInLists(lists), ...changed];
  if (keys.length === 0) return {};
  const read = [...lists.map(({ stream }) => stream), ...(outcome?.changes.revised ?? [])];
  return Object.fromEntries(read.map(({ endpoint }) => [endpoints[endpoint].table, keys]));
}

/** Keys later than a time, the newest `mostKnownChanges` of them, and since when they are all. */
function newestChanges(
  keys: readonly string[],
  sinceMs: number,
): { readonly keys: readonly string[]; readonly sinceMs: number } {
  const later = keys.filter((key) => changeKeyMs(key) > sinceMs);
  if (later.length <= mostKnownChanges) return { keys: later, sinceMs };
  const sorted = later.toSorted((a, b) => changeKeyMs(a) - changeKeyMs(b));
  const dropped = sorted.length - mostKnownChanges;
  const droppedMs = changeKeyMs(sorted[dropped - 1] ?? '');
  return { keys: sorted.slice(dropped).filter((key) => changeKeyMs(key) > droppedMs), sinceMs: droppedMs };
}
