// Preloaded into a measured process (`node --import`): tells what it used on file descriptor 3 when it ends.
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/** The resources are those of the whole process, worker threads included. */
if (isMainThread) {
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    writeSync(3, JSON.stringify({ peakRssKb: maxRSS, cpuMs: (userCPUTime + systemCPUTime) / 1000 }));
  });
}
