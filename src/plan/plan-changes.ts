import { dayMs } from '../model/time/durations.ts';
import { ownValue } from '../model/json/own-value.ts';
import { seenMark } from '../archive/state/seen-mark.ts';
import type { ChangesState, ListState, State, CountedList } from '../archive/state/state.ts';
import { endpointNamed, endpoints } from '../endpoints/endpoints.ts';
import { groupBy } from '../model/list/group-by.ts';
import { isReadUpTo, readToMs } from '../model/time/period.ts';
import { fromTheBeginning, type Cursor } from '../model/stream.ts';
import type { Room } from '../model/room.ts';
import { clockSlackMs } from './rooms/restored-rooms.ts';
import type { PlannedChanges, PlannedStream, Silence } from './run-plan.ts';
import { comparedStream, isWholeList } from './streams/compared-stream.ts';
import { sameListKeys } from './stream-key.ts';
import { lackingInList } from './streams/lacking-in-list.ts';
import { formerLists } from './streams/former-lists.ts';
import { askedSinceMs } from './tables-behind.ts';

/**
 * Whether the room list shows no change of the stream's room since the walk's end was read up to. Of a room that was
 * withheld meanwhile it shows too little.
 */
export function isUnchanged(stream: PlannedStream, { lists }: State): boolean {
  const { changeMark } = stream.room;
  const list = lists[stream.key];
  if (list?.withheld === true) return false;
  const isSame = list?.seen != null && changeMark !== null && list.seen === seenMark(changeMark);
  return isSame && goesNoFurther(stream, list);
}

/** Whether a walk reads on where the last run ended, and no further than that was to go. */
function goesNoFurther({ isSought, cursor, untilMs }: PlannedStream, list: ListState): boolean {
  if (isReadUpTo(cursor, untilMs)) return true;
  const isSameEnd = list.untilMs === undefined || (untilMs !== null && untilMs <= list.untilMs);
  return isSameEnd && !isSought && readToMs(cursor) === readToMs(list.cursor);
}

/**
 * Names what the changes of a room were read at: its change mark, and how long it had been silent then, in doublings of
 * `lookbackMs` (−1: not even once, or nothing was ever said there, or all of it is gone). null: the room list shows no
 * change mark.
 */
export function silenceMark({ changeMark, lastMessageAtMs }: Room, silence: Silence): string | null {
  if (changeMark === null) return null;
  return `${seenMark(changeMark)} ${lastMessageAtMs === null ? -1 : doublingsSince(lastMessageAtMs, silence)}`;
}

function doublingsSince(lastMessageAtMs: number, { nowMs, lookbackMs }: Silence): number {
  const silentMs = Math.max(0, nowMs - lastMessageAtMs);
  return silentMs < lookbackMs ? -1 : Math.floor(Math.log2(silentMs / Math.max(1, lookbackMs)));
}

export interface ChangesToPlan {
  readonly silence: Silence;
  /** See restoredRooms. */
  readonly restored: ReadonlySet<string>;
  /** Asks all rooms, however they look. */
  readonly isEveryRoom: boolean;
  /** Those the job makes. */
  readonly made: ReadonlySet<string>;
}

/**
 * The rooms of which to read what changed: those of which anything is read, and those that have been silent for long.
 * An edit or a reaction further up leaves no trace in the room list, so a silent room is asked when nothing has been said
 * in it for `lookbackMs`, for twice as long, for four times… Whatever is changed in it is found before its silence has
 * doubled.
 *
 * Changes count from the run that read a room first: a room that no run has read yet has none.
 */
export function planChanges(
  streams: readonly PlannedStream[],
  state: State,
  { silence, restored, isEveryRoom, made }: ChangesToPlan,
): readonly PlannedChanges[] {
  const byRoom = groupBy(streams, ({ room }) => room.id);
  return [...byRoom.values()].flatMap((ofRoom) => {
    const [first] = ofRoom;
    if (first === undefined) return [];
    const { room } = first;
    const known = ownValue(state.changes, room.id);
    if (known === undefined) return [];
    const isRead = ofRoom.some((stream) => !isUnchanged(stream, state));
    const mark = silenceMark(room, silence);
    // Null: something was left to read, which the room list does not show.
    const isDue = known.seen === null || (mark !== null && !mark.endsWith(' -1') && known.seen !== mark);
    const compared = isReadAnew(ofRoom)
      ? null
      : comparedFor(ofRoom, state, { restored, silence, made, due: known.compare });
    const coverage = { endpoints: ofRoom.map(({ endpoint }) => endpoint), made };
    const sinceMs = askedSinceMs(known, coverage);
    const isBehind = sinceMs < known.sinceMs;
    const isLacking = ofRoom.some((stream) => lackingInList(state, stream, coverage).length > 0);
    const isAsked = isDue || isEveryRoom || compared !== null || isBehind || isLacking;
    if (!isRead && !isAsked) return [];
    // Of several walks over one list the last stands for it.
    const revised = [...new Map(ofRoom.map((stream) => [stream.key, stream])).values()].map(
      ({ key, endpoint, via, filters, pageSize, period, spans }) => ({
        key,
        endpoint,
        via,
        filters,
        pageSize,
        period,
        spans,
        cursor: spans.at(-1)?.cursor ?? fromTheBeginning,
      }),
    );
    const former = formerLists(room.id, ofRoom, state);
    const tables = new Set(ofRoom.map(({ endpoint }) => endpoints[endpoint].table));
    // What was delivered before the server was restored may have to be delivered again; and what to one table, to another.
    const delivered = isBehind ? {} : known.known;
    return [
      {
        room,
        revised,
        compared,
        known: compared === null ? delivered : {},
        cursor: cursorOf({ sinceMs, known: delivered }, [...tables]),
        isBehind,
        isPart: isPartOf(ofRoom, state),
        ...(former.length > 0 && { former }),
      },
    ];
  });
}

/** Whether all of the room is read from its beginning: what it lacks shows in that, see writeGoneRows. */
function isReadAnew(streams: readonly PlannedStream[]): boolean {
  return comparedStream({ revised: streams })?.cursor.watermark === null;
}

interface ComparisonOptions extends Pick<ChangesToPlan, 'restored' | 'silence' | 'made'> {
  /** See ChangesState. */
  readonly due: ChangesState['compare'];
}

function comparedFor(
  streams: readonly PlannedStream[],
  state: State,
  { restored, silence, made, due }: ComparisonOptions,
): PlannedChanges['compared'] {
  // One that cannot be, filtered or archived, is noted once, and waits until it can.
  const waiting = comparedStream({ revised: streams }) === undefined ? undefined : due;
  if (restored.has(streams[0]?.room.id ?? '') || waiting === 'restored') return 'restored';
  if (!made.has('messages')) return null;
  if (hasReturned(streams, state) || waiting === 'returned') return 'returned';
  if (waiting === 'reset' || waiting === 'hidden-types') return waiting;
  const counted = countedOf(streams, state);
  return counted !== undefined && isToCompare(counted, silence) ? 'miscounted' : null;
}

function countedOf(streams: readonly PlannedStream[], { lists }: State): CountedList | undefined {
  return streams
    .filter(isWholeList)
    .flatMap(({ endpoint, room, filters }) =>
      sameListKeys(endpoint, room.id, filters).flatMap((key) => lists[key]?.counted ?? []),
    )[0];
}

/** Not more often than once a `lookback`: where deletions are never reported, the number differs after each of them. */
function isToCompare({ differs, comparedMs }: CountedList, { nowMs, lookbackMs }: Silence): boolean {
  return differs && (comparedMs === null || Math.abs(nowMs - comparedMs) >= Math.max(lookbackMs, leastRestMs));
}

const leastRestMs = dayMs;

/**
 * Whether the last run that looked for the room missed it, or was not let in: what happened meanwhile may have left no
 * trace, or too old a one.
 */
function hasReturned(streams: readonly PlannedStream[], { lists }: State): boolean {
  // Its kind may have changed meanwhile, and with it the endpoint that reads it.
  const keys = streams.flatMap(({ endpoint, room, filters }) => sameListKeys(endpoint, room.id, filters));
  return keys.some((key) => lists[key]?.gone === true || lists[key]?.withheld === true);
}

/** Whether some run has read a list of the room that holds all its messages, and none of these does. */
function isPartOf(streams: readonly PlannedStream[], { lists }: State): boolean {
  const isWhole = (endpoint: string): boolean => endpointNamed(endpoint)?.table === 'messages';
  if (streams.some(({ endpoint }) => isWhole(endpoint))) return false;
  const ids = new Set(streams.map(({ room }) => room.id));
  return Object.values(lists).some(({ endpoint, roomId }) => ids.has(roomId) && isWhole(endpoint));
}

/** Of what is asked for and was delivered to every table of the room: the others are known table by table. */
function cursorOf({ sinceMs, known }: Pick<ChangesState, 'sinceMs' | 'known'>, tables: readonly string[]): Cursor {
  const [first = [], ...others] = tables.map((table) => known[table] ?? []);
  const sets = others.map((keys) => new Set(keys));
  return {
    watermark: { tsMs: sinceMs, id: null },
    offset: 0,
    deliveredIds: first.filter((key) => sets.every((keys) => keys.has(key))),
  };
}

/**
 * A time of the server's clock that is surely before this run's first page: the next run asks for changes since then. The
 * newest that the room list shows may lie in the future (a clock that was set, an imported date), and what a server's
 * clock shows may, too, so the earlier of both counts, less what they may differ by.
 *
 * @param nowMs what is known of the server's clock
 */
export function changesFromMs(rooms: readonly Room[], nowMs: number): number {
  const newestMs = rooms.reduce((newest, { updatedAtMs }) => Math.max(newest, updatedAtMs ?? 0), 0);
  return Math.max(0, Math.min(newestMs > 0 ? newestMs : nowMs, nowMs) - clockSlackMs);
}
