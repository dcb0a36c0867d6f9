import type { Disk } from '../../../src/system/disk.ts';
import { OutputError } from '../../../src/errors.ts';

/**
 * What happens at the chosen step.
 * - `fails`: it throws, nothing is changed, and later steps work: a full disk, a passing I/O error.
 * - `fails-within`: as much of it is done as the system may leave half done, then it throws; later steps work.
 * - `dies-before`: neither it nor anything after it is done: `kill -9`.
 * - `dies-within`: as much of it is done as the system may leave half done: half of a write, some of a removed folder.
 */
export type Fault = 'fails' | 'fails-within' | 'dies-before' | 'dies-within';

export interface FaultDisk {
  readonly disk: Disk;
  /** Steps asked for: every call that changes the file system. */
  steps(): number;
}

export function faultDisk(real: Disk, fault: Fault, atStep: number): FaultDisk {
  let steps = 0;
  const step = async <T>(action: () => Promise<T>, half?: () => Promise<void>): Promise<T> => {
    steps += 1;
    if (steps > atStep && fault.startsWith('dies')) throw new OutputError('The disk is gone');
    if (steps !== atStep) return action();
    if (fault.endsWith('within')) await half?.();
    throw new OutputError(`The disk fails at step ${atStep}`);
  };
  const disk: Disk = {
    readFile: (path) => real.readFile(path),
    readChunks: (path, fromByte) => real.readChunks(path, fromByte),
    openToRead: (path) => real.openToRead(path),
    list: (folder) => real.list(folder),
    sizeBytes: (path) => real.sizeBytes(path),
    freeBytes: (folder) => real.freeBytes(folder),
    isLink: (path) => real.isLink(path),
    shortcomings: (folder) => real.shortcomings(folder),
    open: async (path, mode) => {
      const file = await step(
        () => real.open(path, mode),
        async () => (await real.open(path, mode)).close(),
      );
      return {
        write: (bytes) =>
          step(
            () => file.write(bytes),
            () => file.write(bytes.subarray(0, bytes.length >> 1)),
          ),
        sync: () => step(() => file.sync()),
        close: () => file.close(),
      };
    },
    truncate: (path, sizeBytes) => step(() => real.truncate(path, sizeBytes)),
    rename: (from, to) => step(() => real.rename(from, to)),
    link: (from, to) => step(() => real.link(from, to)),
    remove: (path) =>
      step(
        () => real.remove(path),
        async () => {
          const [first] = (await real.list(path)) ?? [];
          if (first !== undefined) await real.remove(`${path}/${first}`);
        },
      ),
    makeFolder: (path) => step(() => real.makeFolder(path)),
    removeEmptyFolder: (path) => step(() => real.removeEmptyFolder(path)),
    syncFolder: (path) => step(() => real.syncFolder(path)),
  };
  return { disk, steps: () => steps };
}
