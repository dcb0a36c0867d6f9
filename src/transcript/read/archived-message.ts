import type { MessageRow } from './message-row.ts';
import { versionsOf, type TextVersion } from './text-versions.ts';

/** A message with all that the archive knows of it. */
export interface ArchivedMessage {
  readonly id: string;
  readonly tsMs: number;
  /** Its newest row, or of a deleted message the last one that had content. */
  readonly row: MessageRow;
  /** Every text it is known to have had, oldest first; the last one is that of `row`. */
  readonly versions: readonly TextVersion[];
  readonly deletion: Deletion | null;
  /** The run that found it first. */
  readonly firstRun: number;
}

export interface Deletion {
  /** null: only its absence shows that it is gone. */
  readonly atMs: number | null;
  /** null: the server does not say. */
  readonly by: string | null;
  /** The run that found it gone. */
  readonly run: number;
}

/**
 * What the rows of one message make of it.
 *
 * @param rows in the order of the runs
 * @returns undefined for a message of which nothing but its deletion is known
 */
export function archivedMessage(rows: readonly MessageRow[]): ArchivedMessage | undefined {
  const known = rows.filter(({ isDelete }) => !isDelete);
  const current = newest(known);
  if (current === undefined) return undefined;
  const gone = rows.findLast((row) => row.isDelete && row.run > current.run && row.source === current.source);
  // The server keeps a line in the place of a message that it removed: of what it said the earlier rows know.
  const isRemoved = current.type === 'rm';
  const row = isRemoved ? (newest(known.filter(({ type }) => type !== 'rm')) ?? current) : current;
  return {
    id: current.messageId,
    tsMs: current.tsMs,
    row,
    versions: versionsOf(
      known.filter(({ type }) => type !== 'rm'),
      row,
    ),
    deletion: isRemoved
      ? { atMs: current.editedMs, by: current.editedBy, run: current.run }
      : gone === undefined
        ? null
        : { atMs: gone.deletedMs, by: null, run: gone.run },
    firstRun: Math.min(...known.map(({ run }) => run)),
  };
}

/** Of the first table that has the message, the row of the last run. */
function newest(rows: readonly MessageRow[]): MessageRow | undefined {
  return (
    rows.findLast(({ source }) => source === 'messages') ??
    rows.findLast(({ source }) => source === 'mentioned_messages') ??
    rows.at(-1)
  );
}
