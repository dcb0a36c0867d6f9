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

/** Whether a row says what the message said. No server takes a text away: where both columns are null, the job dropped them. */
export function hasText({ msg, text }: Pick<MessageRow, 'msg' | 'text'>): boolean {
  return msg !== null || text !== null;
}

/**
 * The texts of a message, oldest first, none twice in a row; the last is that of `current`, if that has any. A run reads what is
 * there at the time, so versions between two runs are known only where the server kept them.
 *
 * @param rows of one message, in the order of the runs, without deletions
 */
export function versionsOf(rows: readonly MessageRow[], current: MessageRow): readonly TextVersion[] {
  const texts = rows.some(hasText) ? rows.filter(hasText) : rows;
  const placed = texts.filter((row) => row !== current).map(place);
  placed.sort((a, b) => a.placeMs - b.placeMs || a.run - b.run);
  const versions: Placed[] = [];
  for (const version of [...placed, ...(texts.includes(current) ? [place(current)] : [])]) {
    const before = versions.at(-1);
    const text = before === undefined ? null : sameText(before, version);
    if (before === undefined) versions.push(version);
    // Whoever edits a message has its time changed: another step of the job wrote it otherwise (a pseudonym), or nobody knows.
    else if (text === null && before.from === version.from && before.placeMs === version.placeMs)
      versions.push({ ...version, sinceMs: null, by: null });
    else if (text === null) versions.push(version);
    // The same text from two sources: the one that says since when is kept.
    else if (before.sinceMs === null && version.sinceMs !== null)
      versions[versions.length - 1] = { ...before, text, sinceMs: version.sinceMs, by: version.by };
    else versions[versions.length - 1] = { ...before, text };
  }
  return versions.map(({ text, sinceMs, by, from, run }) => ({ text, sinceMs, by, from, run }));
}

/**
 * What both say, as it was written; null: not the same. CSV with `excelSafe` has a `'` before what a spreadsheet would run:
 * beside the same text of the same time it is none that anybody put there, for whoever edits a message has its time changed.
 */
function sameText(one: Placed, other: Placed): string | null {
  if (one.text === other.text) return one.text;
  if (one.placeMs !== other.placeMs || one.from !== other.from) return null;
  if (one.text === `'${other.text}`) return other.text;
  return other.text === `'${one.text}` ? one.text : null;
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
