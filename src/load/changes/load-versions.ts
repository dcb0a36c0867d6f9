import type { ChangesRefusal } from '../../model/stream.ts';
import type { PlannedChanges } from '../../plan/run-plan.ts';
import { flatten } from '../../transforms/flatten.ts';
import { contextOf, type LoadContext } from '../load-stream.ts';
import { rereadMessages } from '../changes-journal.ts';

/**
 * Writes the earlier versions of messages that a room shows when it is read once more and that the archive lacks: a clone
 * has the `ts` of its message, so that no later walk comes by it, and chat.syncMessages reports none.
 * Source: packages/models/src/models/Messages.ts (cloneAndSaveAsHistoryByRecord), server/publications/messages.ts
 */
export async function loadVersions(
  load: Pick<
    LoadContext,
    'disk' | 'archive' | 'runPlan' | 'steps' | 'rows' | 'tables' | 'badFields' | 'damaged' | 'versionIds'
  >,
  { room }: Pick<PlannedChanges, 'room'>,
  path: string,
  { instead }: ChangesRefusal,
): Promise<void> {
  const { disk, steps, rows, tables, badFields, versionIds } = load;
  if (instead === null || !tables.has('message_versions')) return;
  const shown = new Set<string>();
  for await (const { id, hidden } of rereadMessages(disk, path, instead)) {
    if (hidden && !versionIds.has(id)) shown.add(id);
  }
  if (shown.size === 0) return;
  // Few runs need it: what reads tables is loaded then.
  const { archivedVersionIds } = await import('../archived/archived-version-ids.ts');
  const known = await archivedVersionIds(load, shown);
  const context = contextOf(room, load.runPlan);
  for await (const message of rereadMessages(disk, path, instead)) {
    if (!shown.has(message.id) || known.has(message.id) || versionIds.has(message.id)) continue;
    // Pages overlap no more than journals say, and a row per run and id is all that a table may have.
    versionIds.add(message.id);
    const read = flatten(message, context);
    for (const field of read.badFields) badFields.set(field, (badFields.get(field) ?? 0) + 1);
    const flat = steps.message(read);
    if (flat !== null) await rows.add(flat, ['message_versions'], true);
  }
}
