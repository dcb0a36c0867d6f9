import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBenchWorkspace } from '../../../build/demo/bench/bench-workspace.js';
import { sampleLogin } from '../../../build/demo/sample/sample-login.js';
import { serveWorkspace } from '../../../build/demo/server/server.js';
import { markdownTable } from '../markdown-table.js';

const bin = join(import.meta.dirname, '../../../dist/bin.js');
const rooms = 16;
const messages = 16_000;
const rateLimit = { calls: 10, windowMs: 3_000 };

/** Runs with and without workers: at a rate limit that all of them share, and where each page takes 200 ms and none is limited. */
export async function workers() {
  const redis = await startRedis();
  try {
    const limited = await measured(redis, 4, { rateLimit });
    const slow = { rateLimit: null, latencyMs: 200, cap: 50 };
    const rows = [];
    for (const count of [0, 2, 4]) rows.push([count, seconds((await measured(redis, count, slow)).tookMs)]);
    return [
      `4 workers, ${rateLimit.calls} calls per ${rateLimit.windowMs / 1000} s, ${limited.pages} pages: ${limited.rejected} answers 429,`,
      `${seconds(limited.readMs)} s from the first page to the last, at least ${seconds(limited.leastMs)} s at this limit.`,
      '',
      `${messages} messages of ${rooms} rooms in pages of 50, each of which takes 200 ms; 4 requests in flight per process:`,
      '',
      markdownTable(['workers', 'seconds, start-up of the run included'], rows),
    ].join('\n');
  } finally {
    await redis.stop();
  }
}

async function measured(redis, count, rules) {
  const folder = await mkdtemp(join(tmpdir(), 'rocketchat-export-bench-'));
  const arrivals = [];
  const served = await serveWorkspace(createBenchWorkspace(messages, rooms), rules);
  const env = {
    ROCKETCHAT_URL: served.url,
    ROCKETCHAT_USER_ID: sampleLogin.userId,
    ROCKETCHAT_AUTH_TOKEN: sampleLogin.authToken,
  };
  const job = join(folder, 'job.yaml');
  await writeFile(job, `extract: [{ rooms: ['*'] }]\nsinks: [{ format: jsonl }]\noutput: ${join(folder, 'archive')}\n`);
  const shared = count === 0 ? [] : ['--queue', redis.url, '--spool', join(folder, 'spool')];
  const start = (words) => spawn(process.execPath, [bin, ...words], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const atWork = Array.from({ length: count }, () => start(['worker', ...shared]));
  try {
    await Promise.all(atWork.map(({ stderr }) => once(stderr, 'data')));
    const pages = () => served.requests.filter(({ endpoint }) => endpoint === 'groups.messages');
    const watch = setInterval(() => arrivals.push([performance.now(), pages().length]), 20);
    const startedMs = performance.now();
    const run = start(['run', job, ...shared]);
    run.stderr.resume();
    const [code] = await once(run, 'close');
    const tookMs = performance.now() - startedMs;
    clearInterval(watch);
    if (code !== 0) throw new Error(`The run ended with ${code}`);
    const asked = pages();
    const firstMs = arrivals.find(([, seen]) => seen > 0)?.[0] ?? startedMs;
    const lastMs = arrivals.find(([, seen]) => seen >= asked.length)?.[0] ?? startedMs + tookMs;
    const { calls, windowMs } = rules.rateLimit ?? rateLimit;
    return {
      ...{ tookMs, pages: asked.length, readMs: lastMs - firstMs },
      rejected: served.requests.filter(({ status }) => status === 429).length,
      leastMs: Math.floor((asked.length - 1) / calls) * windowMs,
    };
  } finally {
    for (const worker of atWork) worker.kill('SIGKILL');
    await served.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function startRedis() {
  const folder = await mkdtemp(join(tmpdir(), 'redis-bench-'));
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']);
  for await (const text of server.stdout) if (text.includes('Ready to accept connections')) break;
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      server.kill();
      await once(server, 'close');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const seconds = (ms) => (ms / 1000).toFixed(1);
