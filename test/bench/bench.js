// npm run bench [-- <part>… [--full]]: what the program costs and what it loses, as tables for docs/performance.md.
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { aims } from './aims.js';
import { archives } from './archives.js';
import { load as loadBench } from './databases/load.js';
import { exact } from './exact.js';
import { memory } from './memory.js';
import { workers } from './queue/workers.js';
import { removeScratch } from './processes.js';
import { speed } from './speed.js';
import { stages } from './stages.js';
import { start } from './start.js';
import { transcript } from './transcript.js';
import { workspace } from './workspaces/workspace.js';

const parts = { exact, speed, stages, memory, start, archives, load: loadBench, workers, transcript, workspace, aims };
const words = process.argv.slice(2);
const full = words.includes('--full');
const chosen = words.filter((word) => word !== '--full');
const unknown = chosen.find((word) => !Object.hasOwn(parts, word));
if (unknown !== undefined) {
  console.error(
    `There is no bench "${unknown}": expected ${Object.keys(parts).join(', ')}, and --full for as much as it is meant for`,
  );
  process.exit(64);
}

const [{ model }] = cpus();
const load = () => loadavg()[0].toFixed(1);
console.log(
  `${availableParallelism()} cores (${model}), ${(totalmem() / 2 ** 30).toFixed(0)} GB, Node ${process.versions.node}, ${process.platform}; load ${load()}`,
);
try {
  for (const [name, run] of Object.entries(parts)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    console.log(`\n### ${name}\n\n${await run({ full })}`);
  }
} finally {
  await removeScratch();
}
console.log(`\nLoad at the end: ${load()}`);
