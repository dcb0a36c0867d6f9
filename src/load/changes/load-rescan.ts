import { changeKey } from '../../model/changes.ts';
import { parseDateMs } from '../../model/message.ts';
import { isInHole } from '../../journal/hole-place.ts';
import type { ChangesRefusal } from '../../model/stream.ts';
import type { ChangeRows } from './change-rows.ts';
import { walkedBy } from './change-targets.ts';
import { comparedStream } from '../../plan/streams/compared-stream.ts';
import { journaledHoles, rereadMessages } from '../changes-journal.ts';
import type { LoadContext } from '../load-stream.ts';
import type { PlannedChanges } from '../../plan/run-plan.ts';
import type { ArchivedWindows } from '../archived/archived-windows.ts';

/**
 * Compares the messages of a room that were read once more with those that the archive stores: a message of another
 * `updated_at` has changed, one that the archive lacks was imported with an old date, one that the room lacks is gone.
 * When it went nobody knows. What stands where the room could not be read is as it was.
 */
export async function loadRescan(
  { disk, runPlan, steps }: Pick<LoadContext, 'disk' | 'runPlan' | 'steps'>,
  changes: PlannedChanges,
  path: string,
  { instead }: ChangesRefusal,
  windows: ArchivedWindows,
  rows: ChangeRows,
): Promise<void> {
  const stream = comparedStream(changes);
  if (instead === null || stream === undefined) return;
  // Steps that keep identities secret may change it.
  const roomId = steps.room(changes.room).id;
  const stored = await windows.of(roomId);
  if (stored === undefined) return;
  const missing = new Set(stored.keys());
  // A plug-in may give messages other dates or rooms: then it is unknown what the window holds.
  let isMoved = false;
  for await (const message of rereadMessages(disk, path, instead)) {
    // A deleted message is hidden where the workspace keeps the history of messages; its clones have ids of their own.
    if (message.hidden) continue;
    missing.delete(message.id);
    const updatedAtMs = parseDateMs(message.raw['_updatedAt']) ?? null;
    const known = stored.get(message.id);
    if (known?.updatedAtMs === updatedAtMs) {
      isMoved ||= known.tsMs !== message.tsMs;
      // Another table may lack it, or have the version that a backup took back.
      if (!changes.isBehind && changes.compared === null) continue;
    }
    const change = { kind: 'updated' as const, id: message.id, atMs: updatedAtMs ?? 0, message };
    await rows.update(change, changeKey(change), (flat) => {
      const isHere = flat.ts.getTime() === message.tsMs && flat.roomId === roomId;
      isMoved ||= !isHere;
      return !isHere;
    });
  }
  if (isMoved) {
    windows.noteMoved();
    return;
  }
  // A room that is compared is read to its end: what it lacks is gone, also where its own walk will look once more.
  const isRead = changes.compared !== null && stream.cursor.watermark !== null;
  const isWalked = isRead ? () => false : walkedBy(stream);
  const holes = await journaledHoles(disk, path);
  for (const id of missing) {
    const tsMs = stored.get(id)?.tsMs ?? 0;
    const isUnread = holes.some((hole) => isInHole(hole, id, tsMs));
    if (!isUnread && !isWalked({ id, tsMs }))
      await rows.remove({ id, atMs: Date.parse(runPlan.startedAt) }, { deletedMs: null, newestMs: null });
  }
}
