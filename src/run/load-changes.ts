import { readFrames } from '../journal/read-frames.ts';
import { changeKey, changeKeyMs, parseChanges, type Change } from '../rocketchat/changes.ts';
import { ChangeRows } from './change-rows.ts';
import { changesJournal } from './changes-journal.ts';
import { loadLookback } from './load-lookback.ts';
import type { Load } from './load-stream.ts';
import { parseAnswer } from './parse-answer.ts';
import type { StoredWindows } from './stored-windows.ts';

/**
 * Turns the changes of a room into rows: new versions of messages that earlier runs exported, messages that were imported
 * among them since, tombstones. Which way they were read follows from the journal.
 */
export async function loadChanges(
  load: Load,
  index: number,
  stored: StoredWindows,
): Promise<{ readonly changes: number; readonly isDeferred: boolean }> {
  const planned = load.openRun.changes[index];
  if (planned === undefined) throw new Error(`The run reads no changes number ${index}`);
  const rows = new ChangeRows(load, planned);
  const { path, isGap, refusal } = await changesJournal(load, index);
  if (refusal === null) await loadTold(load, planned.room.id, path, planned.cursor.deliveredIds, rows);
  else if (!isGap) await loadLookback(load, planned, path, refusal, stored, rows);
  await load.rows.flush();
  return { changes: rows.changes, isDeferred: rows.isDeferred };
}

/** The changes that the server tells of. */
async function loadTold(
  { disk, versions }: Load,
  roomId: string,
  path: string,
  takenKeys: readonly string[],
  rows: ChangeRows,
): Promise<void> {
  // Of each message the last of its changes: it may change again while its changes are read.
  const newest = new Map<string, string>();
  for await (const change of takenChanges(disk, path)) newest.set(change.id, changeKey(change));
  const goneMs = new Map(takenKeys.flatMap(deletionOf));
  for await (const change of takenChanges(disk, path)) {
    const key = changeKey(change);
    // Known to be gone since a run that could not be told when: see loadLookback.
    if (newest.get(change.id) !== key || (change.kind === 'deleted' && change.atMs <= (goneMs.get(change.id) ?? 0))) {
      versions.changed(roomId, key);
    } else if (change.kind === 'deleted') {
      await rows.remove(change);
    } else {
      await rows.update(change);
    }
  }
}

function deletionOf(key: string): readonly (readonly [string, number])[] {
  const [, id] = /^(.*)@deleted:\d+$/.exec(key) ?? [];
  return id === undefined ? [] : [[id, changeKeyMs(key)]];
}

/** In the order of the journal. */
async function* takenChanges(disk: Load['disk'], path: string): AsyncGenerator<Change> {
  for await (const { frame, body } of readFrames(disk, path)) {
    if (frame.kind !== 'page') continue;
    const skip = new Set(frame.record.skip);
    for (const [at, change] of parseChanges(parseAnswer(body)).changes.entries()) if (!skip.has(at)) yield change;
  }
}
