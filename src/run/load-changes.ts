import { changeKey } from '../rocketchat/changes.ts';
import { ChangeRows } from './change-rows.ts';
import { changesJournal, reportedChanges } from './changes-journal.ts';
import { loadLookback } from './load-lookback.ts';
import type { Load } from './load-stream.ts';
import type { StoredWindows } from './stored-windows.ts';

/** What came of loading the changes of a room. */
export interface LoadedChanges {
  /** Changes that became rows. */
  readonly changes: number;
  /** See ChangeRows. */
  readonly deferredFromMs: number | null;
  readonly isUnread: boolean;
}

/**
 * Turns the changes of a room into rows: new versions of messages that earlier runs exported, messages that were imported
 * among them since, tombstones. Which way they were read follows from the journal.
 */
export async function loadChanges(load: Load, index: number, stored: StoredWindows): Promise<LoadedChanges> {
  const planned = load.openRun.changes[index];
  if (planned === undefined) throw new Error(`The run reads no changes number ${index}`);
  const rows = new ChangeRows(load, planned);
  const { path, isGap, refusal } = await changesJournal(load, index);
  if (refusal === null) await loadReported(load.disk, path, rows);
  else if (!isGap) await loadLookback(load, planned, path, refusal, stored, rows);
  await load.rows.flush();
  const { changes, deferredFromMs, isUnread } = rows;
  return { changes, deferredFromMs, isUnread };
}

/** Of each message the last of its changes: it may change again while its changes are read. */
async function loadReported(disk: Load['disk'], path: string, rows: ChangeRows): Promise<void> {
  const newest = new Map<string, string>();
  for await (const change of reportedChanges(disk, path)) newest.set(change.id, changeKey(change));
  for await (const change of reportedChanges(disk, path)) {
    const key = changeKey(change);
    if (newest.get(change.id) !== key) continue;
    if (change.kind === 'deleted') await rows.remove(change, true);
    else await rows.update(change, key);
  }
}
