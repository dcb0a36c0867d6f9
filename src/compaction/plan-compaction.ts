import type { ArchiveFile } from '../snapshot/archive-history.ts';
import { tableNames, wholeMessageTables } from '../model/table-name.ts';
import { rowKeys } from '../tables/rows/row-key.ts';
import type { Disk } from '../system/disk.ts';
import type { CurrentRows } from './current-rows.ts';
import { fileGroupsOf, type FileGroup } from './file-groups.ts';
import { planAllRows, planCurrentRows, type GroupRewrite } from './plan-group.ts';
import { type FileWithSchema, schemaOf, type Unknown } from './stored-schema.ts';
import { isOutdated, upgradeSchemas } from './upgrade-schemas.ts';

interface CompactionPlan {
  /** Empty: there is nothing to do. */
  readonly rewrites: readonly GroupRewrite[];
  /** What is left as it is and why, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Decides which files are rewritten, and reads no more of them than what they show of their file schema.
 *
 * @param current by table, the rows to keep; undefined: all of every table
 * @throws OutputError when a file cannot be read
 */
export async function planCompaction(
  disk: Disk,
  archive: string,
  files: readonly ArchiveFile[],
  rowsPerFile: number,
  current: ReadonlyMap<string, CurrentRows> | undefined,
  signal?: AbortSignal,
): Promise<CompactionPlan> {
  const rewrites: GroupRewrite[] = [];
  const notes = new Set<string>();
  for (const group of fileGroupsOf(files)) {
    signal?.throwIfAborted();
    const kept: CurrentRows = current?.get(group.table) ?? { kind: 'all' };
    const mayDrop = kept.kind === 'some';
    const leave = (because: string): void => {
      notes.add(`Files of "${group.table}" as ${group.extension} were left as they are: ${because}.`);
    };
    if (kept.kind === 'unknown') {
      if (!group.files.some(isOutdated)) {
        leave(kept.because);
        continue;
      }
      notes.add(`Files of "${group.table}" as ${group.extension} were rewritten with all their rows: ${kept.because}.`);
    }
    // One file is as few as can be.
    if (!mayDrop && group.files.length === 1 && !group.files.some(isOutdated)) continue;
    const known = await filesWithSchemas(disk, archive, group, mayDrop);
    if (known.kind === 'unknown') {
      leave(known.because);
      continue;
    }
    const rewrite =
      kept.kind === 'some'
        ? planCurrentRows(group, known.files, kept.isCurrent)
        : planAllRows(group, known.files, rowsPerFile);
    if (rewrite !== undefined) rewrites.push(rewrite);
  }
  return { rewrites, notes: [...notes] };
}

/** Of tables that may say that something is gone; older files of rooms and elements, which may not, lack the column. */
const withDeletions: ReadonlySet<string> = new Set([...wholeMessageTables, 'users', 'room_members']);

/** Without them it is unknown which version of what a row is. */
function keyColumns(table: string): readonly string[] {
  const known = tableNames.find((name) => name === table);
  const ids = known === undefined ? [] : rowKeys[known];
  return [...ids, ...(withDeletions.has(table) ? ['op'] : []), 'run'];
}

async function filesWithSchemas(
  disk: Disk,
  archive: string,
  group: FileGroup,
  mayDrop: boolean,
): Promise<{ readonly kind: 'known'; readonly files: readonly FileWithSchema[] } | Unknown> {
  const files: FileWithSchema[] = [];
  for (const file of group.files) {
    const found = await schemaOf(disk, archive, file);
    if (found.kind === 'unknown') return found;
    const { schema } = found;
    if (mayDrop && file.rows > 0) {
      const missing = keyColumns(group.table).filter((name) => !schema.columns.some((column) => column.name === name));
      const because = `without their column "${missing.join('" and "')}" nobody can tell which rows are current`;
      if (missing.length > 0) return { kind: 'unknown', because };
    }
    files.push({ file, schema });
  }
  return { kind: 'known', files: upgradeSchemas(group.table, files) };
}
