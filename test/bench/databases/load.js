import { join } from 'node:path';
import pg from 'pg';
import { markdownTable } from '../markdown-table.js';
import { measure, startServer, withJob } from '../processes.js';
import { startPostgres } from './postgres.js';

const messages = 100_000;
const rounds = 3;
const bin = join(import.meta.dirname, '../../../dist/bin.js');

/** `load` of the messages of a Parquet archive into PostgreSQL, against its own COPY of the same rows from a file of its own. */
export async function load() {
  const server = await startServer({ messages });
  const postgres = await startPostgres();
  try {
    return await withJob(server.url, { sinks: [{ format: 'parquet' }] }, (job) => measured(job, postgres));
  } finally {
    await postgres.stop();
    await server.stop();
  }
}

async function measured({ jobFile, archive, env }, { url, folder }) {
  await measure([bin, 'run', jobFile], env);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const query = (sql) => client.query(sql);
  const least = { load: Infinity, loadCpu: Infinity, copy: Infinity, indexed: Infinity };
  for (let round = 0; round < rounds; round++) {
    await query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    const startedMs = performance.now();
    const { cpuMs } = await measure([bin, 'load', archive, '--to', url]);
    least.load = Math.min(least.load, performance.now() - startedMs);
    least.loadCpu = Math.min(least.loadCpu, cpuMs);
    const file = join(folder, 'messages.copy');
    await query(`COPY messages TO '${file}'`);
    least.copy = Math.min(least.copy, await timed(() => copy(query, file, 'bare', '')));
    least.indexed = Math.min(least.indexed, await timed(() => copy(query, file, 'indexed', 'INCLUDING INDEXES')));
  }
  await client.end();
  const row = (name, ms, more) => [
    name,
    (ms / 1000).toFixed(1),
    Math.round(messages / (ms / 1000)).toLocaleString('en-US'),
    more,
  ];
  return [
    `${messages} messages into PostgreSQL, the least of ${rounds}:`,
    '',
    markdownTable(
      ['', 'seconds', 'messages per second', 'CPU seconds of the client'],
      [
        row(
          '`load` of a Parquet archive, indexes and start-up included',
          least.load,
          (least.loadCpu / 1000).toFixed(1),
        ),
        row('COPY of its own file, with the same indexes', least.indexed, '-'),
        row('COPY of its own file, without an index', least.copy, '-'),
      ],
    ),
  ].join('\n');
}

async function copy(query, file, table, including) {
  await query(`BEGIN; CREATE TABLE ${table} (LIKE messages ${including}); COPY ${table} FROM '${file}'; COMMIT`);
}

async function timed(work) {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
