import { messageSources } from '../../model/table-name.ts';
import { newestVersion } from '../../snapshot/versions/newest-version.ts';
import type { MessageRow } from './message-row.ts';
import { versionsOf, type TextVersion } from './text-versions.ts';

/** A message with all that the archive knows of it. */
export interface ArchivedMessage {
  readonly id: string;
  readonly tsMs: number;
  /** Its newest row, or of a deleted message the last one that had content. */
  readonly row: MessageRow;
  /** Every text it is known to have had, oldest first; the last one is that of `row`, if that has any. */
  readonly versions: readonly TextVersion[];
  readonly deletion: Deletion | null;
  /** The run that found it first. */
  readonly firstRun: number;
}

/** That a message was deleted: when, by whom, and since which run it is known. */
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
  const known = rows.filter(({ isDeleted }) => !isDeleted);
  const current = newestKnown(known);
  if (current === undefined) return undefined;
  const newest = newestVersion(rows.filter(({ source }) => source === current.source));
  const gone = newest?.isDeleted === true ? newest : undefined;
  // The server keeps a line in the place of a message that it removed: of what it said the earlier rows know.
  const isRemoved = current.type === 'rm';
  const row = isRemoved ? (newestKnown(known.filter(({ type }) => type !== 'rm')) ?? current) : current;
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

/** Whether somebody has edited it: a text that only the job wrote otherwise since is not the author's. */
export function isEdited({ row, versions }: Pick<ArchivedMessage, 'row' | 'versions'>): boolean {
  const later = versions.slice(1);
  return (
    row.editedMs !== null ||
    later.some(({ sinceMs }) => sinceMs !== null) ||
    versions.some(({ from }) => from === 'server')
  );
}

/** The newest version in the first table that has the message. */
function newestKnown(rows: readonly MessageRow[]): MessageRow | undefined {
  const table = messageSources.find((name) => rows.some(({ source }) => source === name));
  return newestVersion(rows.filter(({ source }) => source === table));
}
