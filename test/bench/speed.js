import { cpus } from 'node:os';
import { interleaved } from './interleaved.js';
import { markdownTable } from './markdown-table.js';
import { measureFloor, measureProgram, startServer } from './processes.js';
import { bundleToProfile, profileLines } from './profile.js';
import { targets } from './targets.js';

/** Times the time of a hundred thousand, at most. */
const millionTarget = 10.5;
const formats = ['jsonl', 'csv', 'parquet'];
const cores = 2;

/** Whole runs, start-up, hashing and fsync included, against a bare loop over the same server. */
export async function speed({ full }) {
  return [await fast(), await slow(), ...(full ? [await million()] : [])].join('\n\n');
}

async function fast() {
  const rounds = 5;
  const server = await startServer({ messages: 100_000 });
  const busyBeforeMs = machineBusyMs();
  const { medians: runs, total } = await interleaved(rounds, {
    floor: () => measureFloor(server.url),
    ...Object.fromEntries(formats.map((format) => [format, () => measureProgram(server.url, { sinks: [{ format }] })])),
  });
  const busyMs = machineBusyMs() - busyBeforeMs;
  const floor = runs.floor.wallMs;
  const slower = formats.filter((format) => runs[format].wallMs / floor > targets[format]);
  const serverMs = await server.stop();
  const profiles = await profilesOf(slower);
  const othersMs = Math.max(0, busyMs - total.cpuMs - serverMs);
  return [
    '100,000 messages in one room, pages of 100, against a bare loop (GET, JSON.parse, JSON.stringify, write):',
    '',
    markdownTable(
      ['', 'seconds', 'times the loop', 'target', 'CPU seconds', 'peak MB'],
      Object.entries(runs).map(([name, { wallMs, cpuMs, peakRssMb }]) => [
        name === 'floor' ? 'bare loop' : name,
        ...[seconds(wallMs), (wallMs / floor).toFixed(2), targets[name]?.toFixed(1) ?? '', seconds(cpuMs)],
        peakRssMb.toFixed(0),
      ]),
    ),
    '',
    `Meanwhile other programs kept ${(othersMs / total.wallMs).toFixed(1)} of the cores busy: above 0.1 the ratios are too high.`,
    ...slower.map((format) =>
      [missed(format, runs, serverMs / (rounds * Object.keys(runs).length)), ...profiles[format]].join('\n'),
    ),
  ].join('\n');
}

/** Where the time of one more run of each format goes. On a server of its own, whose CPU counts for no run. */
async function profilesOf(slower) {
  if (slower.length === 0) return {};
  await bundleToProfile();
  const server = await startServer({ messages: 100_000 });
  const lines = {};
  for (const format of slower) {
    await measureProgram(server.url, {
      sinks: [{ format }],
      profile: async (folder) => {
        lines[format] = (await profileLines(folder)).map((line) => `- ${line}`);
      },
    });
  }
  await server.stop();
  return lines;
}

/** What CPU time alone makes of a run, were all cores free and busy to its end. */
function missed(format, { floor, [format]: { wallMs, cpuMs } }, serverMs) {
  const boundMs = (cpuMs + serverMs) / cores;
  return (
    `\n${format} misses its target: its ${seconds(cpuMs)} s of CPU and the server's ${seconds(serverMs)} s fill ${cores} ` +
    `cores for ${seconds(boundMs)} s (${(boundMs / floor.wallMs).toFixed(2)} times the loop); ` +
    `${seconds(wallMs - boundMs)} s are waiting: for a core, for the disk, for the slower of the two halves. A profile of ` +
    `one more run, to which come V8's compiler and helpers of its garbage collector on threads of their own:`
  );
}

async function slow() {
  const server = await startServer({ messages: 100_000, latencyMs: 10 });
  const { medians: runs } = await interleaved(3, {
    floor: () => measureFloor(server.url),
    jsonl: () => measureProgram(server.url, { sinks: [{ format: 'jsonl' }], concurrency: 16 }),
  });
  await server.stop();
  const { floor, jsonl } = runs;
  const times = floor.wallMs / jsonl.wallMs;
  const words = `${seconds(floor.wallMs)} s for the loop, ${seconds(jsonl.wallMs)} s with 16 requests in flight`;
  return [
    `The same from a server that takes 10 ms more: ${words}, ${times.toFixed(1)} times as fast (target ${targets.slowServer}).`,
    ...(times < targets.slowServer
      ? [
          `Its ${seconds(jsonl.cpuMs)} s of CPU bound it then, not the server: ${cores} cores need ${seconds(jsonl.cpuMs / cores)} s for them at best.`,
        ]
      : []),
  ].join(' ');
}

async function million() {
  const times = {};
  for (const messages of [100_000, 1_000_000]) {
    const server = await startServer({ messages });
    const {
      medians: { jsonl },
    } = await interleaved(messages === 100_000 ? 3 : 1, {
      jsonl: () => measureProgram(server.url, { sinks: [{ format: 'jsonl' }] }),
    });
    times[messages] = jsonl.wallMs;
    await server.stop();
  }
  const ratio = (times[1_000_000] / times[100_000]).toFixed(1);
  return `1,000,000 messages take ${ratio} times as long as 100,000 (target ${millionTarget}).`;
}

/** Of all cores and programs together, since the machine started. */
function machineBusyMs() {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}

function seconds(ms) {
  return (ms / 1000).toFixed(2);
}
