// Runs a job file on a disk that kills this process, with SIGKILL, in the middle of one of its changes: half of a write is
// done, anything else is not. Arguments: job file, number of the change (0: live, and print how many there are).
import { loadJob } from '../../build/job/load-job.js';
import { nodeDisk } from '../../build/system/disk.js';
import { runJob } from '../../build/pipeline.js';
import { systemClock } from '../../build/system/clock.js';

const [jobFile, dyingStep] = process.argv.slice(2);
let steps = 0;

async function step(change, half) {
  steps += 1;
  if (steps === Number(dyingStep)) {
    await half?.();
    process.kill(process.pid, 'SIGKILL');
    // The signal is on its way: nothing else may be done meanwhile.
    await new Promise(() => undefined);
  }
  return change();
}

const disk = {
  ...nodeDisk,
  open: async (path, mode) => {
    const file = await step(() => nodeDisk.open(path, mode));
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
  truncate: (path, sizeBytes) => step(() => nodeDisk.truncate(path, sizeBytes)),
  rename: (from, to) => step(() => nodeDisk.rename(from, to)),
  link: (from, to) => step(() => nodeDisk.link(from, to)),
  remove: (path) => step(() => nodeDisk.remove(path)),
  makeFolder: (path) => step(() => nodeDisk.makeFolder(path)),
  removeEmptyFolder: (path) => step(() => nodeDisk.removeEmptyFolder(path)),
  syncFolder: (path) => step(() => nodeDisk.syncFolder(path)),
};

await runJob(await loadJob(jobFile, {}, process.cwd()), {
  clock: systemClock,
  random: Math.random,
  disk,
  process: { pid: process.pid, host: 'here', processStartId: null, pidNamespace: 'pid:[1]', bootId: 'boot' },
  isAlive: () => false,
  loadThreads: 0,
});
process.stderr.write(`${steps}\n`);
