import { type Disk, nodeDisk } from '../../../src/system/disk.ts';
import { OutputError } from '../../../src/errors.ts';

export interface CountingDisk extends Disk {
  /** Handles that nobody has closed. */
  openHandles(): number;
  /** Steps taken: every write, sync and close. */
  steps(): number;
}

/** The real disk, counting; its nth step after opening (from 0) fails as a full disk does. */
export function countingDisk(failingStep = Infinity): CountingDisk {
  let openHandles = 0;
  let steps = 0;
  const step = () => {
    if (steps++ >= failingStep) throw new OutputError('Cannot write: ENOSPC');
  };
  return {
    ...nodeDisk,
    openHandles: () => openHandles,
    steps: () => steps,
    async open(path, mode) {
      const file = await nodeDisk.open(path, mode);
      openHandles += 1;
      return {
        async write(bytes) {
          step();
          await file.write(bytes);
        },
        async sync() {
          step();
          await file.sync();
        },
        async close() {
          openHandles -= 1;
          await file.close();
          step();
        },
      };
    },
  };
}
