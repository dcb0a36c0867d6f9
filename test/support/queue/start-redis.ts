import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../network/free-port.ts';

export interface RedisServer {
  readonly url: string;
  /** Ends it at once, and starts it again from its append-only file. */
  readonly killAndRestart: () => Promise<void>;
  /** Ends it at once, and lets it stay away. */
  readonly kill: () => Promise<void>;
  /** All bytes that it has written to its folder. */
  readonly written: () => Buffer;
  /** Every key, below which nothing is left of tasks that are done. */
  readonly keys: () => Promise<readonly string[]>;
  readonly stop: () => Promise<void>;
}

/** Debian's redis-server on a free port of the loopback address, with data of its own in a temporary folder. */
export async function startRedis({
  password,
  settings: own = [],
}: { readonly password?: string; readonly settings?: readonly string[] } = {}): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const withPassword = password === undefined ? url : `redis://:${password}@127.0.0.1:${port}`;
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const more = ['--appendonly', 'yes', ...(password === undefined ? [] : ['--requirepass', password]), ...own];
  let server = await started([...settings, ...more], withPassword);
  const ended = (signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      server.once('close', () => resolve());
      server.kill(signal);
    });
  return {
    url,
    killAndRestart: async () => {
      await ended('SIGKILL');
      server = await started([...settings, ...more], withPassword);
    },
    kill: () => ended('SIGKILL'),
    written: () =>
      Buffer.concat(
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => readFileSync(join(entry.parentPath, entry.name))),
      ),
    keys: async () => {
      const redis = new Redis(withPassword);
      const keys = await redis.keys('*');
      redis.disconnect();
      return keys.sort();
    },
    stop: async () => {
      if (server.exitCode === null && server.signalCode === null) await ended('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function started(args: readonly string[], url: string): Promise<ChildProcess> {
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  const failed = new Promise<never>((_resolve, reject) => {
    server.once('error', () => reject(new Error('No Redis: apt-get install redis-server')));
    server.once('close', (code) => reject(new Error(`redis-server ended with ${String(code)}`)));
  });
  failed.catch(() => undefined);
  for (let attempt = 0; attempt < 300; attempt++) {
    const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => undefined);
    try {
      await Promise.race([redis.connect().then(() => redis.ping()), failed]);
      return server;
    } catch (error) {
      if (server.exitCode !== null || server.pid === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      redis.disconnect();
    }
  }
  throw new Error('redis-server accepts no connections');
}
