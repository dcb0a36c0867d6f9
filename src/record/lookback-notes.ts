import { changesEndpoint } from '../model/stream.ts';
import type { LoadResult, Uncompared } from '../model/run/load-result.ts';
import type { ComparedFor } from '../plan/run-plan.ts';
import type { ChangesOutcome } from '../plan/stream-outcome.ts';

/** What is not known of rooms whose changes the server did not report, in sentences for the manifest. */
export function lookbackNotes(changes: readonly ChangesOutcome[], uncompared: Uncompared | null): readonly string[] {
  const windows = new Map<string, { readonly sinceMs: number; rooms: number }>();
  const unread: string[] = [];
  for (const { changes: planned, refusal, gap } of changes) {
    if (gap !== null) continue;
    if (planned.compared !== null && refusal === null) {
      unread.push(
        `Room "${planned.room.name}" (${planned.compared}) was not compared with the archive: that takes a room that is read whole, without filters and not via history. What the server reports of its changes was read.`,
      );
    }
    if (refusal === null) continue;
    const { reason, instead } = refusal;
    if (instead === null) {
      unread.push(
        `The server refuses ${changesEndpoint} in room "${planned.room.name}" (${reason}), and what changed there was not looked for: that takes a room that is read whole, without filters and not via history.`,
      );
      continue;
    }
    const window = windows.get(reason) ?? { sinceMs: instead.sinceMs, rooms: 0 };
    window.rooms += 1;
    windows.set(reason, window);
  }
  return [
    ...[...windows].map(([reason, { sinceMs, rooms }]) => {
      if (isComparedFor(reason)) {
        const compared =
          uncompared === null ? 'and compared with the archive' : `but not compared: ${uncompared.message}`;
        return `${whyCompared[reason]} ${rooms === 1 ? 'One room was' : `${rooms} rooms were`} read again from the beginning ${compared}.`;
      }
      const untold = `The server refuses ${changesEndpoint} in ${rooms === 1 ? 'one room' : `${rooms} rooms`} (${reason})`;
      return uncompared === null
        ? `${untold}: messages since ${new Date(sinceMs).toISOString()} (lookback) were read once more there and compared with the archive. What changed in older ones was not looked for, and of a deletion that was found nobody knows when it happened.`
        : `${untold}, and messages that were read once more could not be compared with the archive, so that no change of earlier messages was found: ${uncompared.message}.`;
    }),
    ...unread,
  ];
}

const whyCompared: Readonly<Record<ComparedFor, string>> = {
  restored: 'The room list of the server is older than it was: restored from a backup, or its clock was set back.',
  reset: 'Rooms were read anew from their beginning, and what had gone from them could not be told by the same run.',
  miscounted:
    'The number of messages that the server counts did not fit what it had reported, or a place could not be read when they were last compared.',
  returned:
    'Rooms that an earlier run missed are in the list again, and what happened to them meanwhile is not all reported.',
};

function isComparedFor(reason: string): reason is ComparedFor {
  return Object.hasOwn(whyCompared, reason);
}

/** Where the archive could not be read, what was read led to nothing: the next run has to do it again. */
export function withUncompared(
  outcome: ChangesOutcome,
  { uncompared, unread }: Pick<LoadResult, 'uncompared' | 'unread'>,
): ChangesOutcome {
  if (uncompared?.kind !== 'gap' || outcome.gap !== null) return outcome;
  if (outcome.refusal?.instead == null && !unread.includes(outcome.changes.room.id)) return outcome;
  return { ...outcome, gap: { reason: 'archive-unreadable', message: uncompared.message } };
}
