// Before the quick suite: its archives lie in memory where Linux has room for them, for each run flushes its files to the
// disk and waits. What a disk still has after a power cut is asked of test/support/disk/memory-disk.ts, and of real disks
// and processes by the long suite.
import { accessSync, constants, statfsSync } from 'node:fs';

const memory = '/dev/shm';
/** Containers may have 64 MB. */
const neededBytes = 1_000_000_000;

export default function useMemory() {
  // Waking one of four threads for each file that is opened or read costs more than the reading, in memory. Of Jest's own
  // options none reaches libuv; workers get these variables.
  process.env.UV_THREADPOOL_SIZE ??= '1';
  if (process.env.TMPDIR === undefined && hasRoom()) process.env.TMPDIR = memory;
}

function hasRoom() {
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= neededBytes;
  } catch {
    return false;
  }
}
