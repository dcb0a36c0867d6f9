import type { Disk } from '../system/disk.ts';
import type { ResultStream } from './process-context.ts';

/** Nobody reads stdout any more, as when `| head` has enough: no failure, but no reason to continue. */
export class StdoutClosed extends Error {}

/**
 * A disk on which every file that is opened is stdout: for sinks, which know files only. Text only, since the process
 * takes text; a letter that is cut by two writes waits for its end. Writes are refused with StdoutClosed
 * when nobody reads any more.
 */
export function stdoutDisk(disk: Disk, stdout: ResultStream): Disk {
  return {
    ...disk,
    open: () => {
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      return Promise.resolve({
        write: (bytes) => {
          if (!stdout.isOpen) return Promise.reject(new StdoutClosed());
          stdout.write(decoder.decode(bytes, { stream: true }));
          return stdout.drained();
        },
        sync: () => Promise.resolve(),
        close: () => Promise.resolve(),
      });
    },
  };
}
