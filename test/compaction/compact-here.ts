import {
  compactArchive,
  type Compaction,
  type CompactionEnvironment,
  type CompactionOptions,
} from '../../src/compaction/compact-archive.ts';
import { newProcess } from '../run/run-here.ts';

/** Compacts in a process of its own. */
export function compactHere(
  archive: string,
  options: Partial<CompactionOptions> = {},
  environment: Partial<CompactionEnvironment> = {},
): Promise<Compaction> {
  const { clock, disk, process, isAlive } = newProcess();
  return compactArchive(
    archive,
    { keeps: 'all', rowsPerFile: 1_000_000, ...options },
    { clock, disk, process, isAlive, ...environment },
  );
}
