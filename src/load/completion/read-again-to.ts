import { filesTableName } from '../../model/table-name.ts';

/**
 * Number of the newest link up to which the current rows of a table have been written anew. A file that is saved is not asked
 * for again, so that its row stays as its run wrote it, whatever is read again.
 *
 * @param forgotten see ArchiveHistory
 */
export function readAgainTo(table: string, forgotten: number): number {
  return table === filesTableName ? 0 : forgotten;
}
