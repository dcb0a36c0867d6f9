import type { MessageRow } from './message-row.ts';

/** A text that a message had for some time. */
export interface TextVersion {
  readonly text: string;
  /** Since when; null: the archive does not know. */
  readonly sinceMs: number | null;
  /** Who wrote it; null: the archive does not know. */
  readonly by: string | null;
  /** Whether the server kept it as an earlier version, or a run of this archive read it while it was current. */
  readonly from: 'server' | 'run';
  readonly run: number;
}

interface Placed extends TextVersion {
  readonly placeMs: number;
}

/**
 * The texts of a message, oldest first, none twice in a row; the last is that of `current`. A run reads what is there at the
 * time, so versions between two runs are known only where the server kept them.
 *
 * @param rows of one message, in the order of the runs, without deletions
 */
export function versionsOf(rows: readonly MessageRow[], current: MessageRow): readonly TextVersion[] {
  const placed = rows.filter((row) => row !== current).map(place);
  placed.sort((a, b) => a.placeMs - b.placeMs || a.run - b.run);
  const versions: TextVersion[] = [];
  for (const { text, sinceMs, by, from, run } of [...placed, place(current)]) {
    const before = versions.at(-1);
    if (before?.text !== text) versions.push({ text, sinceMs, by, from, run });
    // The same text from two sources: the one that says since when is kept.
    else if (before.sinceMs === null && sinceMs !== null) versions[versions.length - 1] = { ...before, sinceMs, by };
  }
  return versions;
}

function place(row: MessageRow): Placed {
  const text = row.msg ?? row.text ?? '';
  const author = row.username ?? row.userName ?? row.userId;
  if (row.source === 'message_versions') {
    // A copy has the time at which it was replaced, not that at which it was written.
    // Source: Messages.cloneAndSaveAsHistoryByRecord in packages/models
    const replacedMs = row.editedMs ?? row.tsMs;
    return { text, sinceMs: null, by: author, from: 'server', run: row.run, placeMs: replacedMs - 0.5 };
  }
  const sinceMs = row.editedMs ?? row.tsMs;
  return {
    text,
    sinceMs,
    by: row.editedMs === null ? author : row.editedBy,
    from: 'run',
    run: row.run,
    placeMs: sinceMs,
  };
}
