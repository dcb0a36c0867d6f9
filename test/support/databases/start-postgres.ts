import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../network/free-port.ts';

export interface PostgresServer {
  readonly port: number;
  /** By the socket of the machine, where nobody is asked for a password. */
  readonly urlOf: (database: string) => string;
  /** By TCP, where `archivist` is. */
  readonly tcpUrlOf: (database: string) => string;
  /** Makes an empty database. Returns its name. */
  readonly createDatabase: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

export const postgresPassword = 'correct horse';

/** Debian's place for the programs of a server, the newest first. */
function binaries(): string {
  const root = '/usr/lib/postgresql';
  const [version] = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  if (version === undefined) throw new Error('No PostgreSQL: apt-get install postgresql');
  return join(root, version, 'bin');
}

/** PostgreSQL refuses to run as root: then everything is done as its own user. */
const isRoot = process.getuid?.() === 0;
const idOf = (flag: '-u' | '-g'): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));

/** A server with data of its own in a temporary folder, on a free port. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = binaries();
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  const password = join(folder, 'password');
  writeFileSync(password, postgresPassword);
  const options = isRoot ? { uid: idOf('-u'), gid: idOf('-g'), cwd: folder } : { cwd: folder };
  if (isRoot) for (const path of [folder, password]) chownSync(path, idOf('-u'), idOf('-g'));
  const flags = ['--username=archivist', `--pwfile=${password}`, '--auth-local=trust', '--auth-host=scram-sha-256'];
  execFileSync(join(bin, 'initdb'), [...flags, '--encoding=UTF8', '--locale=C', '--no-sync', data], {
    ...options,
    stdio: 'ignore',
  });
  const port = await freePort();
  const settings = [`port=${port}`, `unix_socket_directories=${folder}`, 'listen_addresses=127.0.0.1', 'fsync=off'];
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
    ...options,
    stdio: 'ignore',
  });
  const urlOf = (database: string): string =>
    `postgres:///${database}?host=${encodeURIComponent(folder)}&port=${port}&user=archivist`;
  await accepting(urlOf('postgres'), server);
  let databases = 0;
  return {
    ...{ port, urlOf },
    tcpUrlOf: (database) => `postgres://archivist@127.0.0.1:${port}/${database}`,
    createDatabase: async () => {
      const name = `chat_${(databases += 1)}`;
      const client = new pg.Client({ connectionString: urlOf('postgres') });
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      return name;
    },
    stop: async () => {
      const ended = new Promise((resolve) => server.once('close', resolve));
      // Fast: whoever is still connected is thrown out.
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function accepting(url: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended with ${server.exitCode}`);
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error('PostgreSQL accepts no connections');
}
