import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveRatios } from './archives.js';
import { interleaved } from './interleaved.js';
import { markdownTable } from './markdown-table.js';
import { measure, measureFloor, measureProgram, startServer, withJob } from './processes.js';
import { targets } from './targets.js';

const formats = ['jsonl', 'csv', 'parquet'];
const cores = 2;
const bin = join(import.meta.dirname, '../../dist/bin.js');

/** Every aim, what is measured, and why it is missed where it is; with `--full` those over a million messages, too. */
export async function aims({ full }) {
  const rows = [
    ...(await againstTheLoop()),
    ...(full ? [await inLongPages(), await peakOfAMillion()] : []),
    await fromASlowServer(),
    await ofAnEmptyRun(),
    ...(await ofSmallRooms()),
    ...(await againstDuckDb()),
  ];
  return markdownTable(
    ['', 'aim', 'measured', '', 'where it is missed: why'],
    rows.map(({ what, aim, found, digits = 2, isAtLeast = false, reason }) => {
      const isMet = isAtLeast ? found >= aim : found <= aim;
      return [
        what,
        `${isAtLeast ? '≥' : '≤'} ${aim}`,
        found.toFixed(digits),
        isMet ? 'met' : 'missed',
        isMet ? '' : reason,
      ];
    }),
  );
}

async function againstTheLoop() {
  const server = await startServer({ messages: 100_000 });
  const rounds = 5;
  const { medians: runs } = await interleaved(rounds, {
    floor: () => measureFloor(server.url),
    ...Object.fromEntries(formats.map((format) => [format, () => measureProgram(server.url, { sinks: [{ format }] })])),
  });
  const serverMs = (await server.stop()) / (rounds * (formats.length + 1));
  const { floor } = runs;
  return [
    ...formats.map((format) => ({
      what: `${format}, 100,000 messages: times the loop (${seconds(floor.wallMs)} s)`,
      aim: targets[format],
      found: runs[format].wallMs / floor.wallMs,
      reason: boundByCpu(runs[format], serverMs, floor),
    })),
    ...formats.map((format) => ({
      what: `${format}, 100,000 messages: peak MB`,
      aim: targets.peakMb[format],
      found: runs[format].peakRssMb,
      digits: 0,
      reason: `the loop itself takes ${floor.peakRssMb.toFixed(0)} MB; two heaps of V8 grow before they are cleared`,
    })),
  ];
}

async function inLongPages() {
  const pageSize = 5_000;
  const server = await startServer({ messages: 1_000_000, cap: pageSize });
  const { medians: runs } = await interleaved(1, {
    floor: () => measureFloor(server.url, pageSize),
    jsonl: () => measureProgram(server.url, { sinks: [{ format: 'jsonl' }], pageSize }),
  });
  const serverMs = (await server.stop()) / 2;
  return {
    what: `jsonl, 1,000,000 messages in pages of 5,000: times the loop (${seconds(runs.floor.wallMs)} s)`,
    aim: targets.millionInLongPages,
    found: runs.jsonl.wallMs / runs.floor.wallMs,
    reason: boundByCpu(runs.jsonl, serverMs, runs.floor),
  };
}

async function fromASlowServer() {
  const server = await startServer({ messages: 100_000, latencyMs: 10 });
  const rounds = 3;
  const { medians: runs } = await interleaved(rounds, {
    floor: () => measureFloor(server.url),
    jsonl: () => measureProgram(server.url, { sinks: [{ format: 'jsonl' }], concurrency: 16 }),
  });
  const serverMs = (await server.stop()) / (rounds * 2);
  const boundMs = (runs.jsonl.cpuMs + serverMs) / cores;
  return {
    what: '10 ms of latency, 16 requests in flight: times as fast as the loop',
    aim: targets.slowServer,
    found: runs.floor.wallMs / runs.jsonl.wallMs,
    isAtLeast: true,
    reason: `CPU bounds it: ${seconds(boundMs)} s on ${cores} cores, ${(runs.floor.wallMs / boundMs).toFixed(1)} times as fast at best`,
  };
}

async function peakOfAMillion() {
  const server = await startServer({ messages: 1_000_000 });
  const { peakRssMb } = await measureProgram(server.url, { sinks: [{ format: 'parquet' }] });
  await server.stop();
  return {
    what: 'parquet, 1,000,000 messages: peak MB',
    aim: targets.millionPeakMb,
    found: peakRssMb,
    digits: 0,
    reason: 'a row group waits in memory until it is full',
  };
}

async function ofAnEmptyRun() {
  const server = await startServer({ messages: 100 });
  const cpuMs = await withJob(server.url, { sinks: [{ format: 'jsonl' }] }, ({ jobFile, env }) =>
    leastCpuMs(7, [bin, 'run', jobFile], env),
  );
  await server.stop();
  return {
    what: 'a run with nothing new: CPU seconds',
    aim: targets.emptyRun,
    found: cpuMs / 1000,
    reason: 'see the part `start`: Node itself, and the modules that are loaded',
  };
}

/** What each of 500 rooms of 20 messages adds to a first run. */
async function ofSmallRooms() {
  const rooms = 500;
  const perRoom = 20;
  let requests = Number.NaN;
  const leastOf = async (count) => {
    const server = await startServer({ messages: count * perRoom, rooms: count });
    let least = Infinity;
    for (let round = 0; round < 5; round += 1) {
      const inspect = async (archive) => {
        const manifest = JSON.parse(await readFile(join(archive, '_manifest/run-000001.json'), 'utf8'));
        ({ requests } = manifest.requests['groups.messages']);
      };
      const { cpuMs } = await measureProgram(server.url, { sinks: [{ format: 'jsonl' }], room: '*', inspect });
      least = Math.min(least, cpuMs);
    }
    await server.stop();
    return least;
  };
  const one = await leastOf(1);
  const all = await leastOf(rooms);
  const loopMs = await loopMsPerPage(rooms, perRoom);
  return [
    {
      what: `a room of ${perRoom} messages, of ${rooms}: CPU milliseconds`,
      aim: targets.smallRoom,
      found: (all - one) / (rooms - 1),
      reason:
        `the loop takes ${loopMs.toFixed(2)} ms for a page of as many; a third is V8, which compiles and clears up in ` +
        'threads of its own; the rest: a walk per room, its line in the log, its part of plan, manifest and state',
    },
    {
      what: `the same: requests`,
      aim: targets.roomRequests,
      found: requests / rooms,
      reason: 'the page does not hold as many rows as its total and the room list say',
    },
  ];
}

/** What the loop takes for each page of a room that has as many messages as those rooms together. */
async function loopMsPerPage(pages, pageSize) {
  const leastOf = async (messages) => {
    const server = await startServer({ messages });
    let least = Infinity;
    for (let round = 0; round < 3; round += 1) {
      least = Math.min(least, (await measureFloor(server.url, pageSize)).cpuMs);
    }
    await server.stop();
    return least;
  };
  return ((await leastOf(pages * pageSize)) - (await leastOf(pageSize))) / (pages - 1);
}

async function againstDuckDb() {
  const ratios = await archiveRatios();
  return Object.entries(ratios).map(([name, found]) => ({
    what: `${name}: CPU, times DuckDB's`,
    aim: targets[name],
    found,
    reason: 'see the part `archives`: start-up of Node included',
  }));
}

function boundByCpu({ wallMs, cpuMs }, serverMs, floor) {
  const boundMs = (cpuMs + serverMs) / cores;
  return (
    `${seconds(cpuMs)} s of CPU and the server's ${seconds(serverMs)} s on ${cores} cores: ` +
    `${(boundMs / floor.wallMs).toFixed(2)} times at best; ${seconds(Math.max(0, wallMs - boundMs))} s are waiting`
  );
}

async function leastCpuMs(rounds, args, env) {
  // The first one exports, and fills V8's cache where Node has one.
  await measure(args, env);
  let least = Infinity;
  for (let round = 0; round < rounds; round += 1) least = Math.min(least, (await measure(args, env)).cpuMs);
  return least;
}

function seconds(ms) {
  return (ms / 1000).toFixed(2);
}
