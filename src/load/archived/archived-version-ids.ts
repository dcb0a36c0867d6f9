import type { ColumnSpec } from '../../model/column.ts';
import { ExportError } from '../../errors.ts';
import { readArchiveHistory, type ArchiveHistory } from '../../snapshot/archive-history.ts';
import { intactHistory } from '../../snapshot/intact/intact-history.ts';
import { filesSince, type TableFile } from '../../snapshot/table-files.ts';
import { TableReader } from '../../snapshot/table-reader.ts';
import type { JournalContext } from '../journal-context.ts';

const idColumn: ColumnSpec = { name: 'version_id', type: { kind: 'string' }, nullable: true };

/**
 * Of some earlier versions of messages, or of all, those that the archive has. One that cannot be read has none: a row that is repeated
 * replaces itself.
 */
export async function archivedVersionIds(
  { disk, archive, steps, damaged }: Pick<JournalContext, 'disk' | 'archive' | 'steps' | 'damaged'>,
  wanted: ReadonlySet<string> | 'all',
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  try {
    const recorded = await readArchiveHistory(disk, archive, steps.counts());
    const reader = new TableReader(disk, archive, recorded);
    const filesOf = (one: ArchiveHistory): readonly TableFile[] =>
      filesSince(one, 'message_versions', Number.NEGATIVE_INFINITY);
    const history = await intactHistory(reader, recorded, filesOf);
    for (const path of history.damaged ?? []) damaged.add(path);
    for (const file of filesOf(history)) {
      for await (const batch of reader.rows(file, [idColumn])) {
        for (const { version_id: id } of batch) {
          if (typeof id === 'string' && (wanted === 'all' || wanted.has(id))) found.add(id);
        }
      }
    }
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    return new Set();
  }
  return found;
}
