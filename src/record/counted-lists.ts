import { ownValue } from '../archive/state/own-value.ts';
import type { CountedList, State } from '../archive/state/state.ts';
import { noBalance, type Balance } from '../model/run/balance.ts';
import type { LoadResult } from '../model/run/load-result.ts';
import { isWholeList } from '../plan/compared-stream.ts';
import { sameListKeys } from '../plan/stream-key.ts';
import type { ChangesOutcome, RunOutcomes, StreamOutcome } from '../plan/stream-outcome.ts';

/** A list whose length is not what is known of it. */
export interface Miscount {
  readonly room: StreamOutcome['stream']['room'];
  readonly endpoint: string;
  /** What the list holds, and what it should. */
  readonly total: number;
  readonly expected: number;
  readonly comparedMs: number | null;
}

export interface CountedLists {
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
 * is not counted: of a message that it lacks nobody could tell whether it is new.
 */
export function countLists({ state, outcomes: { streams, changes }, loaded, nowMs }: Run): CountedLists {
  const changesOf = new Map(changes.map((outcome) => [outcome.changes.room.id, outcome]));
  const miscounts: Miscount[] = [];
  if (!Object.hasOwn(loaded.tables, 'messages')) return { counted: new Map(), miscounts };
  const walked = streams
    .filter(({ stream }) => isWholeList({ ...stream, via: 'messages' }))
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
      const compared = afterComparison(before, reported, nowMs);
      if (compared !== undefined) return [key, { ...compared, ...ofTotal(outcome) }];
      const after = afterWalk(before, outcome, reportedBy(reported, loaded), balance);
      if (after === undefined || 'rows' in after) return [key, after];
      const { total, expected, counted } = after;
      miscounts.push({ room, endpoint, total, expected, comparedMs: counted.comparedMs });
      return [key, counted];
    });
  const keys = new Set(walked.map(([key]) => key));
  const unread = changes.flatMap((outcome) =>
    outcome.changes.revised
      .filter((stream) => isWholeList(stream) && !keys.has(stream.key))
      .map(({ key }): [string, CountedList | undefined] => {
        const before = state.lists[key]?.counted;
        const balance = balanceIn(loaded, outcome.changes.room.id);
        return [key, afterComparison(before, outcome, nowMs) ?? afterChanges(before, outcome, balance)];
      }),
  );
  return { counted: new Map([...walked, ...unread]), miscounts };
}

function balanceIn({ balances }: Run['loaded'], roomId: string): Balance {
  return ownValue(balances, roomId) ?? noBalance;
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
  nowMs: number,
): CountedList | undefined {
  if (outcome?.total == null || outcome.changes.compared === null || outcome.gap !== null) return undefined;
  const { total, completeness } = outcome;
  return {
    ...{ rows: total, slack: 0, differs: false, comparedMs: nowMs },
    countsVersions: before?.countsVersions === true || completeness.versions > 0,
  };
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

/** What was not walked is as long as it was, but for what is reported. */
function afterChanges(
  before: CountedList | undefined,
  { refusal }: ChangesOutcome,
  { added, unclear }: Balance,
): CountedList | undefined {
  if (before === undefined || (added === 0 && unclear === 0 && refusal === null)) return before;
  // Of what is not reported nobody knows the number: the next walk counts anew.
  if (refusal !== null) return loosened(before);
  return { ...before, rows: Math.max(0, before.rows + added), slack: before.slack + unclear };
}

type Walked =
  CountedList | undefined | { readonly total: number; readonly expected: number; readonly counted: CountedList };

function afterWalk(
  before: CountedList | undefined,
  { stream, completeness, total, holes }: StreamOutcome,
  reported: Reported,
  { added, unclear, edits }: Balance,
): Walked {
  const taken = completeness.messages + completeness.versions;
  if (total === null) {
    // A walk that was cut short by a gap: what it took was taken.
    return before && { ...before, rows: Math.max(0, before.rows + taken + added), slack: before.slack + unclear };
  }
  const counted = {
    ...{ rows: total, slack: unclear },
    ...{ differs: before?.differs ?? false, comparedMs: before?.comparedMs ?? null },
    countsVersions: before?.countsVersions === true || completeness.versions > 0,
  };
  if (before === undefined || stream.cursor.watermark === null || reported === 'never') return counted;
  if (stream.holes.length > 0 || holes.length > 0) return counted;
  const expected = before.rows + taken + added;
  const slack = before.slack + unclear;
  // The next run learns what this one did not: until then the number that was known counts.
  if (reported === 'later') return { ...before, rows: Math.max(0, expected), slack };
  const isShort = total < expected - slack;
  const isLong = total > expected + slack + edits && !counted.countsVersions;
  if (!isShort && !isLong) return counted;
  return { total, expected, counted: { ...counted, differs: true } };
}
