import { join } from 'node:path';
import { markdownTable } from './markdown-table.js';
import { countModules, measure, startServer, withJob } from './processes.js';

const runs = 7;

/** The same program: as it is published, and with every source a file of its own and packages as they are installed. */
const programs = { 'one file a source': 'build/bin.js', bundle: 'dist/bin.js' };

/** The least of several: what else the machine does only adds. */
async function leastCpuMs(args, env) {
  let least = Infinity;
  for (let run = 0; run < runs; run += 1) least = Math.min(least, (await measure(args, env)).cpuMs);
  return least;
}

/** What it costs to do nothing: `--version`, and a run that finds nothing new. */
export async function start() {
  const server = await startServer({ messages: 100 });
  const rows = await withJob(server.url, { sinks: [{ format: 'jsonl' }] }, async ({ jobFile, env }) => {
    const found = [];
    for (const [name, file] of Object.entries(programs)) {
      const bin = join(import.meta.dirname, '../..', file);
      // The first one exports, and fills V8's cache where Node has one.
      await measure([bin, 'run', jobFile], env);
      const versionMs = await leastCpuMs([bin, '--version'], env);
      const runMs = await leastCpuMs([bin, 'run', jobFile], env);
      const modules = await countModules([bin, 'run', jobFile], env);
      found.push([name, ...[versionMs, runMs].map((ms) => (ms / 1000).toFixed(2)), String(modules)]);
    }
    return found;
  });
  await server.stop();
  return [
    `CPU in seconds, the least of ${runs} processes, and the files that an empty run loads as modules:`,
    '',
    markdownTable(['', '--version', 'a run with nothing new', 'modules'], rows),
  ].join('\n');
}
