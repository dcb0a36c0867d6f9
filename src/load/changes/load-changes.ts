import { changeKey } from '../../model/changes.ts';
import { ChangeRows } from './change-rows.ts';
import { aliveIds, changesJournal, reportedChanges } from '../changes-journal.ts';
import { loadRescan } from './load-rescan.ts';
import { loadVersions } from './load-versions.ts';
import type { Balance } from '../../model/run/balance.ts';
import { ListBalance } from './list-balance.ts';
import type { LoadContext } from '../load-stream.ts';
import type { RunChanges } from '../../plan/run-plan.ts';
import type { ArchivedWindows } from '../archived/archived-windows.ts';

/** What came of loading the changes of a room. */
interface LoadedChanges {
  /** Changes that became rows. */
  readonly changes: number;
  /** See ChangeRows. */
  readonly deferredFromMs: number | null;
  readonly isUnread: boolean;
  readonly balance: Balance;
}

/**
 * Turns the changes of a room into rows: new versions of messages that earlier runs exported, messages that were imported
 * among them since, tombstones. Which way they were read follows from the journal.
 */
export async function loadChanges(
  load: LoadContext,
  planned: RunChanges,
  stored: ArchivedWindows,
): Promise<LoadedChanges> {
  const rows = new ChangeRows(load, planned);
  // Nobody reports that what a walk brings had come from another room before.
  if (planned.compared !== null) load.versions.noteReturned();
  const { path, isGap, refusal } = await changesJournal(load, planned);
  const balance = new ListBalance(load, planned);
  if (refusal === null) await loadReported(load.disk, path, { rows, balance, isGap });
  else if (!isGap) {
    await loadRescan(load, planned, path, refusal, stored, rows);
    await loadVersions(load, planned, path, refusal);
  }
  await load.rows.flush();
  const { changes, deferredFromMs, isUnread } = rows;
  return { changes, deferredFromMs, isUnread, balance: balance.balance };
}

/**
 * Of each message the last of its changes: it may change again while its changes are read. Updates are asked for after
 * deletions, so a message that is among both is there; one that is deleted only is gone, whatever the clocks of the two
 * times showed, unless the updates could not be read to their end.
 */
async function loadReported(
  disk: LoadContext['disk'],
  path: string,
  { rows, balance, isGap }: { readonly rows: ChangeRows; readonly balance: ListBalance; readonly isGap: boolean },
): Promise<void> {
  const newest = new Map<string, string>();
  const gone = new Set<string>();
  for await (const change of reportedChanges(disk, path)) {
    newest.set(change.id, changeKey(change));
    if (change.kind === 'deleted') gone.add(change.id);
  }
  const alive = await aliveIds(disk, path, gone);
  for await (const change of reportedChanges(disk, path)) {
    const { kind, id, atMs } = change;
    const key = changeKey(change);
    if (newest.get(id) !== key || (kind === 'deleted' && alive.has(id))) continue;
    if (kind === 'deleted') await rows.remove(change, { deletedMs: atMs, newestMs: isGap ? atMs : null });
    else await rows.update(change, key);
    await balance.count(change);
  }
}
