import { markdownTable } from './markdown-table.js';
import { measureFloor, measureProgram, startServer } from './processes.js';

/** Most times as long as the floor, or, where the server is slow, the part of the floor's time. */
const targets = { jsonl: 1.6, csv: 2.0, parquet: 2.2, slow: 1 / 6, million: 10.5 };
const formats = ['jsonl', 'csv', 'parquet'];
const cores = 2;

/** Whole runs, start-up, hashing and fsync included, against a bare loop over the same server. */
export async function speed({ full }) {
  return [await fast(), await slow(), ...(full ? [await million()] : [])].join('\n\n');
}

async function fast() {
  const server = await startServer({ messages: 100_000 });
  const runs = await interleaved(5, {
    floor: () => measureFloor(server.url),
    ...Object.fromEntries(formats.map((format) => [format, () => measureProgram(server.url, { sinks: [{ format }] })])),
  });
  await server.stop();
  const floor = runs.floor.wallMs;
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
    ...formats.filter((format) => runs[format].wallMs / floor > targets[format]).map((format) => missed(format, runs)),
  ].join('\n');
}

/** The server's process works beside the program's: what it takes is told by what the loop waits for it. */
function missed(format, { floor, [format]: { wallMs, cpuMs } }) {
  const serverMs = floor.wallMs - floor.cpuMs;
  const boundMs = (cpuMs + serverMs) / cores;
  return (
    `\n${format} misses its target: its ${seconds(cpuMs)} s and the server's ${seconds(serverMs)} s of CPU fill ${cores} ` +
    `cores for ${seconds(boundMs)} s (${(boundMs / floor.wallMs).toFixed(2)} times the loop); the rest is waiting.`
  );
}

async function slow() {
  const server = await startServer({ messages: 100_000, latencyMs: 10 });
  const runs = await interleaved(3, {
    floor: () => measureFloor(server.url),
    jsonl: () => measureProgram(server.url, { sinks: [{ format: 'jsonl' }], concurrency: 16 }),
  });
  await server.stop();
  const { floor, jsonl } = runs;
  const part = jsonl.wallMs / floor.wallMs;
  const words = `a server that takes 10 ms more: ${seconds(floor.wallMs)} s for the loop, ${seconds(jsonl.wallMs)} s with 16 requests in flight`;
  return [
    `The same from ${words}: 1/${(1 / part).toFixed(1)} of its time (target 1/${(1 / targets.slow).toFixed(0)}).`,
    ...(part > targets.slow
      ? [`It is bound by its ${seconds(jsonl.cpuMs)} s of CPU on ${cores} cores beside the server, not by waiting.`]
      : []),
  ].join(' ');
}

async function million() {
  const times = {};
  for (const messages of [100_000, 1_000_000]) {
    const server = await startServer({ messages });
    const { jsonl } = await interleaved(messages === 100_000 ? 3 : 1, {
      jsonl: () => measureProgram(server.url, { sinks: [{ format: 'jsonl' }] }),
    });
    times[messages] = jsonl.wallMs;
    await server.stop();
  }
  const ratio = (times[1_000_000] / times[100_000]).toFixed(1);
  return `1,000,000 messages take ${ratio} times as long as 100,000 (target ${targets.million}).`;
}

/** Medians of runs that take turns, so that a slow minute of the machine falls on all of them. */
async function interleaved(rounds, programs) {
  const runs = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(programs)) runs[name].push(await run());
  }
  return Object.fromEntries(Object.entries(runs).map(([name, measured]) => [name, medians(measured)]));
}

function medians(runs) {
  const middle = (key) => runs.map((run) => run[key]).sort((a, b) => a - b)[Math.floor(runs.length / 2)];
  return { wallMs: middle('wallMs'), cpuMs: middle('cpuMs'), peakRssMb: middle('peakRssMb') };
}

function seconds(ms) {
  return (ms / 1000).toFixed(2);
}
