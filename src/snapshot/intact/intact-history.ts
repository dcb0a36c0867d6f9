import { DifferenceError } from '../../errors.ts';
import type { ArchiveHistory } from '../archive-history.ts';
import type { TableFile } from '../table-files.ts';
import type { TableReader } from '../table-reader.ts';

/**
 * The same history, by which rows are read from another format where a file is not what its manifest says: every format
 * has every row. Where none is intact, reading says so. Each file is compared once, here or when it is read.
 *
 * @param files those that are about to be read, see tableFiles
 * @throws StoppedError, OutputError as TableReader
 */
export async function intactHistory(
  reader: TableReader,
  history: ArchiveHistory,
  files: (history: ArchiveHistory) => readonly TableFile[],
): Promise<ArchiveHistory> {
  const damaged = new Set(history.damaged);
  for (;;) {
    const before = damaged.size;
    for (const file of files({ ...history, damaged })) {
      if (!damaged.has(file.path) && !(await isIntact(reader, file))) damaged.add(file.path);
    }
    if (damaged.size === before) return before === 0 ? history : { ...history, damaged };
  }
}

async function isIntact(reader: TableReader, file: TableFile): Promise<boolean> {
  try {
    await reader.expectIntact(file);
    return true;
  } catch (error) {
    if (!(error instanceof DifferenceError)) throw error;
    return false;
  }
}
