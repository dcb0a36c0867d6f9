import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { markdownTable } from '../markdown-table.js';
import { measure, startServer, withJob } from '../processes.js';

/**
 * Rooms, messages, and nights on which nothing happens: workspaces that differ in rooms only show what a room costs. A year has
 * 365 runs, of which the first is no night.
 */
const quick = [
  { size: [1_000, 100_000], nights: 10 },
  { size: [5_000, 100_000], nights: 10 },
  { size: [50_000, 100_000], nights: 2 },
  { size: [1_000, 20_000], nights: 364 },
];
const whole = [
  { size: [5_000, 100_000], nights: 364 },
  { size: [50_000, 5_000_000], nights: 2 },
];

/** A year of runs is verified within this. */
const verifyLimitMb = 300;

const bin = join(import.meta.dirname, '../../../dist/bin.js');
const manyRuns = join(import.meta.dirname, '../processes/many-runs.js');

/** A workspace of many rooms: the first run, a night on which nothing happens, and what reads the archive after a year of those. */
export async function workspace({ full }) {
  const rows = [];
  for (const { size, nights } of full ? whole : quick) {
    const [rooms, messages] = size;
    const server = await startServer({ messages, rooms });
    rows.push(...(await measured(server.url, { rooms, messages, nights, emits: !full })));
    await server.stop();
  }
  return [
    `Rooms are those of one login, no rate limit, files of Parquet (target: verify below ${verifyLimitMb} MB):`,
    '',
    markdownTable(['rooms', 'messages', '', 'seconds', 'CPU seconds', 'peak MB', 'archive MB'], rows),
  ].join('\n');
}

async function measured(url, { rooms, messages, nights, emits }) {
  const job = { room: '*', sinks: [{ format: 'parquet' }], concurrency: 8 };
  return withJob(url, job, async ({ jobFile, archive, env }) => {
    const row = async (name, args) => {
      const { wallMs, cpuMs, peakRssMb } = await measure([bin, ...args], env);
      const sizeMb = (await bytesIn(archive)) / 1e6;
      const figures = [wallMs / 1000, cpuMs / 1000, peakRssMb, sizeMb].map((figure) => figure.toFixed(1));
      const cells = [...[rooms, messages].map((number) => number.toLocaleString('en-US')), name, ...figures];
      // The whole bench takes half an hour: what is measured is not lost with it.
      console.error(cells.join(' | '));
      return cells;
    };
    const rows = [await row('first run', ['run', jobFile]), await row('idle night', ['run', jobFile])];
    if (nights > 2) await measure([manyRuns, jobFile, String(nights - 2)], env);
    rows.push(await row(`idle night ${nights}`, ['run', jobFile]));
    rows.push(await row(`verify of ${nights + 1} runs`, ['verify', archive]));
    if (emits) rows.push(await row('emit (Airbyte)', ['emit', archive, '--protocol', 'airbyte']));
    return rows;
  });
}

async function bytesIn(folder) {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath ?? entry.path, entry.name))).size;
  }
  return bytes;
}
