import { changesEndpoint } from '../../model/stream.ts';
import type { LoadResult, Uncompared } from '../../model/run/load-result.ts';
import type { ComparedFor } from '../../plan/run-plan.ts';
import type { ChangesOutcome } from '../../plan/stream-outcome.ts';

/** What is not known of rooms whose changes the server did not report, in sentences for the manifest. */
export function rescanNotes(changes: readonly ChangesOutcome[], uncompared: Uncompared | null): readonly string[] {
  const windows = new Map<string, { readonly sinceMs: number; rooms: number }>();
  const unread: string[] = [];
  for (const { changes: planned, refusal, gap } of changes) {
    if (gap !== null) continue;
    if (planned.compared !== null && refusal === null) {
      unread.push(
        `Room "${planned.room.name}" (${planned.compared}) was not compared with the archive: only a room that is read whole, without filters and not via history, can be, and is once it can. The changes that the server reports were read.`,
      );
    }
    if (refusal === null) continue;
    const { reason, instead } = refusal;
    if (instead === null) {
      unread.push(
        `The server refuses ${changesEndpoint} in room "${planned.room.name}" (${reason}), and what changed there was not looked for: only a room that is read whole, without filters and not via history, can be compared.`,
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
        ? `${untold}: messages since ${new Date(sinceMs).toISOString()} (lookback) were read once more there and compared with the archive. Changes to older ones were not looked for, and when a deletion found this way happened is not known.`
        : `${untold}, and messages that were read again could not be compared with the archive, so no change to earlier messages was found: ${uncompared.message}.`;
    }),
    ...unread,
  ];
}

const whyCompared: Readonly<Record<ComparedFor, string>> = {
  restored: 'The room list of the server is older than it was: restored from a backup, or its clock was set back.',
  reset: 'Rooms were read anew from their beginning, and the same run could not determine what is gone from them.',
  'hidden-types':
    'Rooms were read by their history before, which lacks the types of messages that the workspace hides.',
  miscounted:
    'The number of messages that the server counts did not fit what it had reported, or a place could not be read when they were last compared.',
  returned:
    'Rooms that an earlier run missed, or was not let into, can be read again, and the server does not report everything that happened to them meanwhile.',
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
