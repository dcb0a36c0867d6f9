import type { HashedFile } from '../archive/manifest/manifest.ts';
import { attachmentsOf } from '../archive/manifest/link-files.ts';
import { readChain } from '../archive/manifest/read-chain.ts';
import { avatarId } from '../model/files/avatar.ts';
import type { Row } from '../model/column.ts';
import type { ArchiveHistory } from '../snapshot/archive-history.ts';
import { tableFiles } from '../snapshot/table-files.ts';
import type { TableReader } from '../snapshot/table-reader.ts';
import { nullableColumns } from '../tables/stored-columns.ts';
import type { Disk } from '../system/disk.ts';
import type { Purged } from './find-purged.ts';
import type { StillShown } from './still-shown.ts';

/**
 * The saved files of purged messages, and avatars of purged people, to be removed: those that no message which stays shows.
 *
 * @throws DifferenceError for a table that is not what its manifest says
 */
export async function purgedFiles(
  disk: Disk,
  archive: string,
  reader: TableReader,
  history: ArchiveHistory,
  { messageIds, userIds }: Purged,
  shown: StillShown,
): Promise<readonly HashedFile[]> {
  if (!history.runs.some(({ tables }) => Object.hasOwn(tables, 'files'))) return [];
  const purged = new Set<string>();
  const kept = new Set<string>();
  const columns = nullableColumns('files', new Set(['file_id', 'message_id', 'path']));
  const avatars = new Set([...userIds].map((id) => avatarId('user', id)));
  const note = ({ file_id: fileId, message_id: id, path }: Row): void => {
    if (typeof path !== 'string') return;
    if (typeof fileId !== 'string') return;
    const isPurged = typeof id === 'string' ? messageIds.has(id) && !shown.has(fileId) : avatars.has(fileId);
    (isPurged ? purged : kept).add(path);
  };
  for (const file of tableFiles(history, 'files')) {
    for await (const batch of reader.rows(file, columns)) batch.forEach(note);
  }
  const saved = new Map<string, HashedFile>();
  if (purged.size === 0) return [];
  for await (const { manifest } of readChain(disk, archive)) {
    if ('replaces' in manifest) for (const { path } of manifest.replaces) saved.delete(path);
    for (const file of attachmentsOf(manifest)) if (purged.has(file.path)) saved.set(file.path, file);
  }
  return [...saved.values()].filter(({ path }) => !kept.has(path));
}
