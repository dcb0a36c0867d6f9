import { ExportError } from '../../errors.ts';
import { readArchiveHistory, wholeHistory } from '../../snapshot/archive-history.ts';
import { TableReader } from '../../snapshot/table-reader.ts';
import type { Disk } from '../../system/disk.ts';
import { OwnedRows } from '../owned-rows.ts';
import { addSamePeople } from '../same-people.ts';
import type { HeldNames } from './held-names.ts';

/**
 * Finds in an archive whom a job holds, by any name that they ever had there, to be left alone by what purges keep out of a
 * run.
 *
 * @param names what rows have of them is noted here
 * @returns ids of the people by other names as well (see addSamePeople); `because`: why rows could not be read, then only
 *   names tell who is held
 */
export async function findHeld(
  disk: Disk,
  archive: string,
  names: HeldNames,
  signal: AbortSignal,
): Promise<{ readonly userIds: ReadonlySet<string>; readonly because: string | null }> {
  const userIds = new Set<string>();
  try {
    const history = wholeHistory(await readArchiveHistory(disk, archive));
    const archived = new OwnedRows(new TableReader(disk, archive, history), history);
    for await (const row of archived.ofNames()) {
      signal.throwIfAborted();
      names.noteRow(row);
    }
    for (const id of names.userIds) userIds.add(id);
    await addSamePeople(history, () => archived.ofMessages([]), [userIds]);
    return { userIds, because: null };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ExportError)) throw error;
    for (const id of names.userIds) userIds.add(id);
    return { userIds, because: error.message };
  }
}
