import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { benchRoomId } from '../../build/demo/bench/bench-message.js';
import { profiledBin } from './profile.js';
import { sampleLogin } from '../../build/demo/sample/sample-login.js';

/** Something hangs: the longest run takes half a minute, and on a busy machine ten times as long. */
const timeoutMs = 3_600_000;
const here = (name) => join(import.meta.dirname, name);
const scratch = join(tmpdir(), `rocketchat-export-bench-${process.pid}`);

const preload = (name) => ['--import', pathToFileURL(here(name)).href];
const reportUsage = preload('processes/report-usage.js');

/** Serves `messages` messages from another process; `stop` returns the CPU time it took, in milliseconds. */
export async function startServer({ messages, latencyMs = 0, rooms = 1, cap = 100 }) {
  const child = spawn(
    process.execPath,
    [...reportUsage, here('processes/server-process.js'), ...[messages, latencyMs, rooms, cap].map(String)],
    { stdio: ['pipe', 'pipe', 'inherit', 'pipe'] },
  );
  const [url] = await once(createInterface({ input: child.stdout }), 'line');
  return {
    url,
    async stop() {
      child.stdin.end();
      const { cpuMs } = JSON.parse(await text(child.stdio[3]));
      return cpuMs;
    },
  };
}

/**
 * Runs a Node program to its end, start-up included.
 *
 * @returns wall and CPU time in milliseconds, peak resident set of the whole process in megabytes
 */
export async function measure(args, env = {}) {
  const startedAt = performance.now();
  const { peakRssKb, cpuMs } = await reported([...reportUsage, ...args], env);
  return { wallMs: performance.now() - startedAt, cpuMs, peakRssMb: peakRssKb / 1024 };
}

/** How many files a Node program loads as modules in its main thread. */
export async function countModules(args, env = {}) {
  return (await reported([...preload('processes/count-modules.js'), ...args], env)).modules;
}

/** What a process reports on its file descriptor 3 when it ends. */
async function reported(args, env) {
  const child = spawn(process.execPath, args, {
    timeout: timeoutMs,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [errors, report, [status]] = await Promise.all([text(child.stderr), text(child.stdio[3]), once(child, 'exit')]);
  if (status !== 0) throw new Error(`Cannot measure ${args.join(' ')}: it ended with ${status}\n${errors}`);
  return JSON.parse(report);
}

/** The bare loop over the bench room. */
export async function measureFloor(url, pageSize = 100) {
  await mkdir(scratch, { recursive: true });
  const path = join(scratch, 'floor.jsonl');
  const { userId, authToken } = sampleLogin;
  try {
    return await measure([
      here('processes/floor-process.js'),
      url,
      benchRoomId,
      userId,
      authToken,
      path,
      String(pageSize),
    ]);
  } finally {
    await rm(path, { force: true });
  }
}

/**
 * A whole first run of the program over the bench room into an archive that is removed afterwards.
 *
 * @param profile called with the folder of V8's profiles, which are made only then, and cost the run a tenth of its time
 */
export async function measureProgram(url, { inspect = async () => undefined, profile, ...options }) {
  return withJob(url, options, async ({ folder, jobFile, archive, env }) => {
    const profiles = join(folder, 'profiles');
    const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
    const bin = profile === undefined ? join(import.meta.dirname, '../../dist/bin.js') : profiledBin;
    const used = await measure([...profiling, bin, 'run', jobFile], env);
    await inspect(archive);
    await profile?.(profiles);
    return used;
  });
}

/** Gives `use` a job file over the bench room, and the login; removes all that comes of it. */
export async function withJob(url, { sinks, room = benchRoomId, pageSize = 100, concurrency = 4, ...more }, use) {
  const folder = join(scratch, 'program');
  await mkdir(folder, { recursive: true });
  const jobFile = join(folder, 'bench.yaml');
  const { userId, authToken } = sampleLogin;
  const job = {
    server: { url, userId: '${ROCKETCHAT_USER_ID}', authToken: '${ROCKETCHAT_AUTH_TOKEN}' },
    extract: [{ endpoint: 'groups.messages', rooms: [room], pageSize }],
    transform: { tables: ['messages'] },
    sinks,
    output: join(folder, 'archive'),
    concurrency,
    ...more,
  };
  // JSON is YAML.
  await writeFile(jobFile, JSON.stringify(job));
  try {
    const env = { ROCKETCHAT_USER_ID: userId, ROCKETCHAT_AUTH_TOKEN: authToken };
    return await use({ folder, jobFile, archive: job.output, env });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function removeScratch() {
  await rm(scratch, { recursive: true, force: true });
}
