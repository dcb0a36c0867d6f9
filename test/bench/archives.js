import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { markdownTable } from './markdown-table.js';
import { measure, startServer, withJob } from './processes.js';
import { targets } from './targets.js';

const messages = 100_000;
/** So that there is something to compact. */
const rowsPerFile = 10_000;
const rounds = 3;
const bin = join(import.meta.dirname, '../../dist/bin.js');
const duckDb = join(import.meta.dirname, 'processes/duckdb-process.js');

/** `latest` and `compact` over ten files of Parquet, against DuckDB reading the same rows and writing them as one file. */
export async function archives() {
  const found = await measured();
  return [
    `${messages} messages in files of ${rowsPerFile}, CPU against DuckDB, start-up of both included:`,
    '',
    markdownTable(
      ['', 'CPU seconds', 'of DuckDB', 'ratio', 'target', 'peak MB'],
      Object.entries(found).map(([name, { own, other, peakMb }]) => [
        ...[
          name,
          own.toFixed(2),
          other.toFixed(2),
          (own / other).toFixed(1),
          targets[name].toFixed(1),
          peakMb.toFixed(0),
        ],
      ]),
    ),
  ].join('\n');
}

/** CPU of each command, times DuckDB's. */
export async function archiveRatios() {
  const found = await measured();
  return Object.fromEntries(Object.entries(found).map(([name, { own, other }]) => [name, own / other]));
}

async function measured() {
  const server = await startServer({ messages });
  try {
    return await withJob(server.url, { sinks: [{ format: 'parquet' }], rowsPerFile }, measureArchive);
  } finally {
    await server.stop();
  }
}

async function measureArchive({ folder, jobFile, archive, env }) {
  await measure([bin, 'run', jobFile], env);
  const output = join(folder, 'out.parquet');
  const files = `read_parquet('${archive}/messages/*.parquet')`;
  const to = `TO '${output}' (FORMAT parquet, COMPRESSION zstd)`;
  const newest = `qualify row_number() OVER (PARTITION BY message_id ORDER BY run DESC) = 1 AND op <> 'delete'`;
  const copied = join(folder, 'copied');
  const programs = {
    latest: () => measure([bin, 'latest', archive, '--output', output]),
    'latest by DuckDB': () => measure([duckDb, `COPY (FROM ${files} ${newest}) ${to}`]),
    compact: async () => {
      await cp(archive, copied, { recursive: true });
      const used = await measure([bin, 'compact', copied]);
      await rm(copied, { recursive: true });
      return used;
    },
    'compact by DuckDB': () => measure([duckDb, `COPY (FROM ${files}) ${to}`]),
  };
  const runs = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(programs)) {
      runs[name].push(await run());
      await rm(output, { force: true });
    }
  }
  const median = (name, key) => runs[name].map((run) => run[key]).sort((a, b) => a - b)[Math.floor(rounds / 2)];
  const commands = ['latest', 'compact'].map((name) => {
    const [own, other] = [name, `${name} by DuckDB`].map((one) => median(one, 'cpuMs') / 1000);
    return [name, { own, other, peakMb: median(name, 'peakRssMb') }];
  });
  return Object.fromEntries(commands);
}
