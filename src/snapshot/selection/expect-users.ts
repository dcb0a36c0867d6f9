import type { Disk } from '../../system/disk.ts';
import { storedColumns } from '../../tables/stored-columns.ts';
import { archivedColumns } from './archived-columns.ts';
import { rowSelector } from './row-selection.ts';

/**
 * For what looks for users among the senders of messages, and does not find one: whoever is in the archive, and has sent
 * nothing, is no mistake. Reads the tables that have names.
 *
 * @param users ids or usernames
 * @throws UsageError as `latest` does, for a user that no row has
 */
export async function expectUsers(
  disk: Disk,
  archives: string | readonly string[],
  users: readonly string[],
): Promise<void> {
  if (users.length === 0) return;
  await rowSelector('messages', { users }, storedColumns.get('messages') ?? [], (source, columns) =>
    archivedColumns(disk, archives, source, columns),
  );
}
