import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { markdownTable } from './markdown-table.js';
import { measure, measureProgram, startServer } from './processes.js';

/** Memory in all, and CPU as a multiple of the run that made the archive, the index left out. */
const limitMb = 300;
const limitFactor = 2;

/** What the transcript of a JSONL archive costs, against the run that exported it. */
export async function transcript({ full }) {
  const rows = [];
  for (const messages of full ? [100_000, 1_000_000] : [100_000]) {
    const server = await startServer({ messages });
    const costs = [];
    const run = await measureProgram(server.url, {
      sinks: [{ format: 'jsonl' }],
      inspect: async (archive) => {
        for (const index of ['without-index', 'with-index']) {
          const output = join(archive, '..', index);
          const process = join(import.meta.dirname, 'processes/transcript-process.js');
          costs.push(await measure([process, archive, output, index]));
          await rm(output, { recursive: true, force: true });
        }
      },
    });
    await server.stop();
    const [pages, whole] = costs;
    rows.push([
      messages.toLocaleString('en-US'),
      ...[run, pages].map(({ cpuMs }) => (cpuMs / 1000).toFixed(1)),
      (pages.cpuMs / run.cpuMs).toFixed(2),
      ((whole.cpuMs - pages.cpuMs) / 1000).toFixed(1),
      whole.peakRssMb.toFixed(0),
    ]);
  }
  return [
    `A transcript of a JSONL archive (targets: at most ${limitFactor} times the CPU of the run, the index left out; below ${limitMb} MB):`,
    '',
    markdownTable(['messages', 'run, CPU s', 'pages, CPU s', 'factor', 'index, CPU s', 'peak MB'], rows),
  ].join('\n');
}
