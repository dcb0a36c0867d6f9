import { ownValue } from '../../model/json/own-value.ts';
import type { CountedList, State } from '../../archive/state/state.ts';
import { noBalance, type Balance } from '../../model/run/balance.ts';
import type { LoadResult } from '../../model/run/load-result.ts';
import { isBadMessage } from '../../journal/hole-place.ts';
import type { Hole } from '../../model/stream.ts';
import { isWholeList } from '../../plan/streams/compared-stream.ts';
import { sameListKeys } from '../../plan/stream-key.ts';
import { holesAfter } from './holes-after.ts';
import type { ChangesOutcome, RunOutcomes, StreamOutcome } from '../../plan/stream-outcome.ts';

/** A list whose length is not what is known of it. */
export interface Miscount {
  readonly room: StreamOutcome['stream']['room'];
  readonly endpoint: string;
  /** What the list holds, and what it should. */
  readonly total: number;
  readonly expected: number;
  readonly comparedMs: number | null;
}

interface CountedLists {
  /** By key of the list: what the state keeps of its length; undefined: nothing. */
  readonly counted: ReadonlyMap<string, CountedList | undefined>;
  readonly miscounts: readonly Miscount[];
}

interface Run {
  readonly state: Pick<State, 'lists' | 'changes'>;
  readonly outcomes: RunOutcomes;
  readonly loaded: Pick<LoadResult, 'balances' | 'unread' | 'tables'>;
  /** When it began, epoch milliseconds. */
  readonly nowMs: number;
}

/**
 * Compares the length of each list that was walked with what is known of it: its length after the last walk, and what has
 * come and gone since by this walk and by the changes. More than what was unclear makes the room one to be compared with
 * the archive, once: from then on the new length counts. What the table `messages` does not have from the beginning on
 * is not counted: whether a message that it lacks is new would be unknown.
 */
export function countLists({ state, outcomes: { streams, changes }, loaded, nowMs }: Run): CountedLists {
  const changesOf = new Map(changes.map((outcome) => [outcome.changes.room.id, outcome]));
  const miscounts: Miscount[] = [];
  if (!Object.hasOwn(loaded.tables, 'messages')) return { counted: new Map(), miscounts };
  const walked = streams
    .filter(({ stream }) => isWholeList({ ...stream, via: 'messages' }) && isWholeWalk(stream))
    .map((outcome): [string, CountedList | undefined] => {
      const { key, endpoint, room, filters } = outcome.stream;
      const before = sameListKeys(endpoint, room.id, filters).flatMap((same) => state.lists[same]?.counted ?? [])[0];
      const reported = changesOf.get(room.id);
      // Read by time, a list does not say how long it is.
      if (outcome.stream.via === 'history') return [key, before && loosened(before)];
      const isFromBeginning = outcome.stream.cursor.watermark === null;
      // Programs that did not count did not say either which tables they made.
      const isCounted =
        before !== undefined || isFromBeginning || ownValue(state.changes, room.id)?.tables === undefined;
      if (!isCounted) return [key, undefined];
      const balance = balanceIn(loaded, room.id);
      const compared = afterComparison(before, reported, outcome, nowMs);
      if (compared !== undefined) return [key, { ...compared, ...ofTotal(outcome) }];
      const wantsVersions = Object.hasOwn(loaded.tables, 'message_versions');
      const known = { reported: reportedBy(reported, loaded), balance, wantsVersions };
      const after = afterWalk(before, outcome, known, nowMs);
      if (after === undefined || 'rows' in after) return [key, after];
      const { total, expected, counted } = after;
      miscounts.push({ room, endpoint, total, expected, comparedMs: counted.comparedMs });
      return [key, counted];
    });
  const keys = new Set(streams.map(({ stream }) => stream.key));
  const unread = changes.flatMap((outcome) =>
    outcome.changes.revised
      .filter((stream) => isWholeList(stream) && !keys.has(stream.key))
      .map(({ key }): [string, CountedList | undefined] => {
        const before = state.lists[key]?.counted;
        const balance = balanceIn(loaded, outcome.changes.room.id);
        return [key, afterComparison(before, outcome, undefined, nowMs) ?? afterChanges(before, outcome, balance)];
      }),
  );
  return { counted: new Map([...walked, ...unread]), miscounts };
}

function balanceIn({ balances }: Run['loaded'], roomId: string): Balance {
  return ownValue(balances, roomId) ?? noBalance;
}

/** Of a list that was read in part, for a period, nobody knows how long the rest should be. */
function isWholeWalk({ sinceMs, untilMs }: StreamOutcome['stream']): boolean {
  return sinceMs === null && untilMs === null;
}

/** Whether what changed in a room up to this run has become rows, will be reported to the next run, or never. */
type Reported = 'all' | 'later' | 'never';

function reportedBy(outcome: ChangesOutcome | undefined, { unread }: Run['loaded']): Reported {
  if (outcome?.refusal !== null) return 'never';
  return outcome.gap === null && !unread.includes(outcome.changes.room.id) ? 'all' : 'later';
}

/** The archive has been made what the list is: what it held then counts from now on. */
function afterComparison(
  before: CountedList | undefined,
  outcome: ChangesOutcome | undefined,
  walk: StreamOutcome | undefined,
  nowMs: number,
): CountedList | undefined {
  if (outcome?.total == null || outcome.changes.compared === null || outcome.gap !== null) return undefined;
  const { total, completeness, holes } = outcome;
  return {
    rows: total,
    slack: 0,
    ...afterReading([...holes, ...(walk?.holes ?? [])], nowMs, nowMs),
    countsVersions: before?.countsVersions === true || completeness.versions > 0,
  };
}

/** All of a list was compared with the archive except for places that cannot be read: those are, a `lookback` later. */
function afterReading(
  holes: readonly Hole[],
  nowMs: number,
  comparedMs: number | null,
): Pick<CountedList, 'differs' | 'comparedMs'> {
  const isPart = !holes.every(isBadMessage);
  return { differs: isPart, comparedMs: isPart ? nowMs : comparedMs };
}

/** The walk of the same run may have been the later one. */
function ofTotal({ total }: StreamOutcome): Partial<CountedList> {
  return total === null ? {} : { rows: total };
}

/** Whatever the next walk finds: it counts anew. */
function loosened(before: CountedList): CountedList {
  return { ...before, slack: anySlack };
}

/** More than any list holds. */
const anySlack = 1_000_000_000;

/** What was not walked is as long as it was, except for what is reported. */
function afterChanges(
  before: CountedList | undefined,
  { refusal }: ChangesOutcome,
  balance: Balance,
): CountedList | undefined {
  const [added, unclear] = [addedIn(balance), unclearIn(balance)];
  if (before === undefined || (added === 0 && unclear === 0 && refusal === null)) return before;
  // Of what is not reported nobody knows the number: the next walk counts anew.
  if (refusal !== null) return loosened(before);
  return { ...before, rows: Math.max(0, before.rows + added), slack: before.slack + unclear };
}

/** Whether or not the total of this run shows it yet. */
function addedIn({ added, lateNew, lateGone }: Balance): number {
  return added + lateNew - lateGone;
}

function unclearIn({ mayBeGone, mayBeNew }: Balance): number {
  return mayBeGone + mayBeNew;
}

type Walked =
  CountedList | undefined | { readonly total: number; readonly expected: number; readonly counted: CountedList };

interface KnownChanges {
  readonly reported: Reported;
  readonly balance: Balance;
  /** Whether the job makes the table of them: a list that is longer by what edits leave in it has some that no walk met. */
  readonly wantsVersions: boolean;
}

function afterWalk(
  before: CountedList | undefined,
  outcome: StreamOutcome,
  { reported, balance, wantsVersions }: KnownChanges,
  nowMs: number,
): Walked {
  const { stream, completeness, total } = outcome;
  const { lateNew, lateGone, deferred, mayBeGone, mayBeNew, late, edits } = balance;
  const unclear = unclearIn(balance);
  const taken = completeness.messages + completeness.versions + newlyUnread(outcome);
  const isAnew = stream.cursor.watermark === null;
  const known = Math.max(0, (isAnew ? 0 : (before?.rows ?? 0)) + taken + addedIn(balance));
  // A walk that was cut short by a gap: what it took was taken.
  if (total === null) return before && { ...before, rows: known, slack: before.slack + unclear };
  const counted = {
    rows: total,
    slack: late + lateNew + lateGone,
    differs: before?.differs ?? false,
    comparedMs: before?.comparedMs ?? null,
    countsVersions: before?.countsVersions === true || completeness.versions > 0,
  };
  if (before === undefined) return counted;
  if (isAnew) return { ...counted, ...afterReading(outcome.holes, nowMs, counted.comparedMs) };
  if (reported === 'never') return counted;
  // The next run learns what this one did not: until then the number that was known counts.
  if (reported === 'later') return { ...before, rows: known, slack: before.slack + unclear };
  const expected = before.rows + taken + balance.added;
  const least = expected - before.slack - mayBeGone - lateGone - deferred;
  const most = expected + before.slack + mayBeNew + lateNew;
  const isShort = total < least;
  const isLong = wantsVersions ? total > most : total > most + edits && !counted.countsVersions;
  if (isShort || isLong) return { total, expected, counted: { ...counted, differs: true } };
  // Where all that came and went is known, no total is needed that may not show the last of it.
  const isKnown = before.slack + unclear === 0 && total <= most && !counted.countsVersions;
  return isKnown ? { ...counted, rows: known, slack: 0 } : counted;
}

/** Rows of the list that no run could read and this one met, less those that it has read now, or that are gone. */
function newlyUnread(outcome: StreamOutcome): number {
  return rowsIn(holesAfter(outcome, 0)) - rowsIn(outcome.stream.holes);
}

function rowsIn(holes: readonly Hole[]): number {
  return holes.reduce((sum, { rows }) => sum + rows, 0);
}
