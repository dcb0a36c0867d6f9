import { describe, expect, it } from '@jest/globals';
import { hourMs } from '../../../src/model/time/durations.ts';
import { seenMark } from '../../../src/archive/state/seen-mark.ts';
import { restoredRooms } from '../../../src/plan/rooms/restored-rooms.ts';
import { sampleRoom } from '../../support/plans/sample-room.ts';
import { changesState, listState, stateWith } from '../../support/plans/sample-state.ts';

const slackMs = 1_800_000;

/** What the room list shows of a room that changed at a time. */
const markAt = (ms: number): string => JSON.stringify([new Date(ms).toISOString(), 1]);

interface SeenRoom {
  /** When the list shows now that it changed; null: it does not say. */
  readonly nowMs: number | null;
  /** When it showed that at the last run; null: it was not read to its end. */
  readonly beforeMs: number | null;
  /** Since when its changes are asked for. */
  readonly readMs?: number;
  /** When it was read, where that is later: its changes are refused. */
  readonly refusedMs?: number;
}

/** Ids of the rooms that are suspected. */
function suspected(seen: Readonly<Record<string, SeenRoom>>): readonly string[] {
  const rooms = Object.entries(seen).map(([id, { nowMs }]) =>
    sampleRoom({ id, updatedAtMs: nowMs, changeMark: nowMs === null ? null : markAt(nowMs) }),
  );
  const lists = Object.entries(seen).map(([id, { beforeMs }]) => {
    const mark = beforeMs === null ? null : seenMark(markAt(beforeMs));
    return [`groups.messages ${id}`, listState({ roomId: id, seen: mark })] as const;
  });
  const changes = Object.entries(seen).flatMap(([id, { readMs, refusedMs = 0 }]) =>
    readMs === undefined ? [] : [[id, changesState({ sinceMs: readMs, knownSinceMs: refusedMs })] as const],
  );
  const state = stateWith({ lists: Object.fromEntries(lists), changes: Object.fromEntries(changes) });
  return [...restoredRooms(rooms, state)].sort();
}

const atHour = (now: number, before: number | null): SeenRoom => ({
  nowMs: now * hourMs,
  beforeMs: before === null ? null : before * hourMs,
});

describe('a server that was restored from a backup', () => {
  it('is none whose rooms are as new as they were, or newer', () =>
    expect(suspected({ a: atHour(5, 5), b: atHour(9, 6), c: atHour(7, null) })).toEqual([]));

  it('gives itself away by a room that is older than it was, by more than clocks differ', () => {
    expect(suspected({ a: { nowMs: 5 * hourMs, beforeMs: 5 * hourMs + slackMs } })).toEqual([]);
    expect(suspected({ a: { nowMs: 5 * hourMs, beforeMs: 5 * hourMs + slackMs + 1 } })).toEqual(['a']);
  });

  it('has every room suspected that had changed after the oldest of those, though it shows the same', () =>
    expect(suspected({ back: atHour(5, 8), older: atHour(4, 4), newer: atHour(6, 6), same: atHour(5, 5) })).toEqual([
      'back',
      'newer',
    ]));

  it('takes the oldest of several rooms that went back', () =>
    expect(suspected({ x: atHour(7, 9), back: atHour(3, 9), mid: atHour(5, 5) })).toEqual(['back', 'mid', 'x']));

  it('has those suspected that were read after the backup: an edit further up leaves no trace', () => {
    const quiet = (readMs: number): SeenRoom => ({ ...atHour(2, 2), readMs });
    expect(
      suspected({ back: atHour(5, 8), a: quiet(5 * hourMs - slackMs), b: quiet(5 * hourMs - slackMs + 1) }),
    ).toEqual(['b', 'back']);
  });

  it('has those suspected that were read after the backup while their changes were refused', () => {
    const refused = { ...atHour(2, 2), readMs: 2 * hourMs, refusedMs: 6 * hourMs };
    expect(suspected({ back: atHour(5, 8), refused, told: { ...refused, refusedMs: 0 } })).toEqual(['back', 'refused']);
  });

  it('has those suspected that show something else than before, or were not read to their end', () =>
    expect(suspected({ back: atHour(5, 8), other: atHour(3, 2), unread: atHour(2, null), same: atHour(2, 2) })).toEqual(
      ['back', 'other', 'unread'],
    ));

  it('is not told by a room that no run has read, or of which the list shows no time', () => {
    const state = stateWith({ lists: { 'groups.messages r2': listState({ roomId: 'r2', seen: null }) } });
    expect([...restoredRooms([sampleRoom({ updatedAtMs: 5, changeMark: 'x' })], state)]).toEqual([]);
    expect(suspected({ a: { nowMs: null, beforeMs: 9 * hourMs } })).toEqual([]);
    expect(suspected({ back: atHour(5, 8), a: { nowMs: null, beforeMs: 2 * hourMs } })).toEqual(['a', 'back']);
  });
});
