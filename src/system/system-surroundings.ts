import { systemClock, type Clock } from './clock.ts';
import { nodeDisk, type Disk } from './disk.ts';
import { isAlive, thisProcess, type RunningProcess } from './this-process.ts';

/** The real environment: what the library takes from it where its caller does not replace it. */
interface SystemSurroundings {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly disk: Disk;
  /** Who works, for the archive's lock. */
  readonly process: RunningProcess;
  readonly isAlive: (holder: Pick<RunningProcess, 'pid' | 'processStartId'>) => boolean;
}

export function systemSurroundings(): SystemSurroundings {
  return { clock: systemClock, random: Math.random, disk: nodeDisk, process: thisProcess(), isAlive };
}
