import { compactArchive, type Compaction, type CompactionOptions } from '../../../src/compaction/compact-archive.ts';
import { newProcess } from '../runs/new-process.ts';

/** Compacts in a process of its own. */
export function compactHere(
  archive: string,
  options: Pick<CompactionOptions, 'keeps' | 'rowsPerFile'> = {},
  environment: Omit<CompactionOptions, 'keeps' | 'rowsPerFile'> = {},
): Promise<Compaction> {
  const { clock, disk, process, isAlive } = newProcess();
  return compactArchive(archive, { clock, disk, process, isAlive, ...environment, ...options });
}
