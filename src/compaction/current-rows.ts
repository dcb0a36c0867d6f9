import type { ArchiveHistory } from '../snapshot/archive-history.ts';
import { currentTableNames, type CurrentTableName } from '../snapshot/current-table.ts';
import { findVersions } from '../snapshot/versions/find-versions.ts';
import { mayHoldSuperseded } from '../snapshot/superseded/superseded-runs.ts';
import { withoutKeyless } from '../snapshot/without-keyless.ts';
import { tableFiles } from '../snapshot/table-files.ts';
import { TableReader } from '../snapshot/table-reader.ts';
import type { Versions } from '../snapshot/versions/versions.ts';
import type { Disk } from '../system/disk.ts';
import { UsageError } from '../errors.ts';
import type { Row } from '../model/column.ts';

/** What is known of the current rows of a table. */
export type CurrentRows =
  /** Every row is current. */
  | { readonly kind: 'all' }
  | { readonly kind: 'some'; readonly isCurrent: (row: Row) => boolean }
  /** The archive does not have what is needed to tell. */
  | { readonly kind: 'unknown'; readonly because: string };

/**
 * Finds which rows of an archive no later run has replaced or deleted, by table.
 *
 * @throws DifferenceError for a file that is not what its manifest says
 */
export async function findCurrentRows(
  disk: Disk,
  archive: string,
  history: ArchiveHistory,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, CurrentRows>> {
  const reader = new TableReader(disk, archive, history);
  const present = new Set(history.files.map(({ table }) => table));
  const found = new Map<string, CurrentRows>();
  const rowsOf = async (name: CurrentTableName, decide: (versions: Versions) => CurrentRows): Promise<CurrentRows> => {
    const isMade = history.runs.some(({ tables }) => Object.hasOwn(tables, name));
    const counting = isMade
      ? await unlessUnknown(async () => decide(await findVersions(reader, history, name)))
      : ({ kind: 'all' } as const);
    return withoutSupersededRows(counting, history, name);
  };
  for (const name of currentTableNames.filter((table) => present.has(table))) {
    signal?.throwIfAborted();
    switch (name) {
      case 'messages':
      case 'mentioned_messages':
      case 'message_versions':
      // A message may lose its last reaction and keep its mentions: each side table has versions of its own.
      case 'mentions':
      case 'reactions':
      case 'attachments':
      case 'links':
        found.set(name, await rowsOf(name, (versions) => someOrAll(versions)));
        break;
      case 'rooms':
      case 'users':
      case 'room_members':
      case 'files':
        found.set(name, await rowsOf(name, (versions) => listRows(versions, history, name)));
        break;
    }
  }
  return found;
}

function someOrAll(versions: Versions): CurrentRows {
  return versions.size === 0 ? { kind: 'all' } : { kind: 'some', isCurrent: (row) => versions.isCurrent(row) };
}

/** Every row of a room, user, member or file is a version of it: the only one when there are as many as ids. */
function listRows(versions: Versions, history: ArchiveHistory, table: CurrentTableName): CurrentRows {
  const rows = tableFiles(history, table).reduce((sum, file) => sum + file.rows, 0);
  return rows === versions.size ? { kind: 'all' } : someOrAll(versions);
}

/** What is left of them, where files hold rows of superseded runs. */
function withoutSupersededRows(rows: CurrentRows, everything: ArchiveHistory, table: string): CurrentRows {
  const history = withoutKeyless(everything, table);
  const isStored = history.files.some((file) => file.table === table && mayHoldSuperseded(file, history));
  if (rows.kind === 'unknown' || !isStored) return rows;
  const { runs } = history.superseded;
  return {
    kind: 'some',
    isCurrent: (row) =>
      !(typeof row['run'] === 'number' && runs.has(row['run'])) && (rows.kind === 'all' || rows.isCurrent(row)),
  };
}

async function unlessUnknown(find: () => Promise<CurrentRows>): Promise<CurrentRows> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof UsageError) return { kind: 'unknown', because: error.message };
    throw error;
  }
}
