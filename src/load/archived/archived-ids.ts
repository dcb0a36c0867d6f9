import { ExportError } from '../../errors.ts';
import type { Message } from '../../model/message.ts';
import type { MessageTableName } from '../../model/table-name.ts';
import type { JournalContext } from '../journal-context.ts';

/**
 * Those of the messages that the published archive has rows of: while no page that holds them could be read, they may
 * have come as changes. An archive that cannot be read has none of them: a row that is repeated replaces itself.
 */
export async function archivedIds(
  { disk, archive, steps, tables, damaged }: Pick<JournalContext, 'disk' | 'archive' | 'steps' | 'tables' | 'damaged'>,
  table: MessageTableName,
  messages: readonly Message[],
): Promise<ReadonlySet<string>> {
  if (!tables.has(table)) return new Set();
  // Few runs fill a hole: what reads tables is loaded then.
  const { archivedRows } = await import('../../snapshot/archived-rows.ts');
  try {
    const ids = new Set(messages.map(({ id }) => id));
    const wanted = { has: (id: string) => ids.has(id), sinceMs: Number.NEGATIVE_INFINITY };
    const rows = (await archivedRows(disk, archive, [table], wanted, { present: steps.counts(), damaged })).get(table);
    return new Set([...(rows ?? [])].flatMap(([id, { isDeleted }]) => (isDeleted ? [] : [id])));
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    return new Set();
  }
}
