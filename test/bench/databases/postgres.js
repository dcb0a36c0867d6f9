import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const root = '/usr/lib/postgresql';

/** Debian's PostgreSQL with its own settings, data in a temporary folder, by a socket in it (apt-get install postgresql). */
export async function startPostgres() {
  const [version] = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  const bin = join(root, version, 'bin');
  const folder = mkdtempSync(join(tmpdir(), 'bench-postgres-'));
  chmodSync(folder, 0o755);
  const options = { cwd: folder, stdio: 'ignore' };
  // It refuses to run as root.
  if (process.getuid() === 0) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })));
    chownSync(folder, uid, gid);
    Object.assign(options, { uid, gid });
  }
  const data = join(folder, 'data');
  execFileSync(
    join(bin, 'initdb'),
    ['--username=bench', '--auth=trust', '--encoding=UTF8', '--locale=C', data],
    options,
  );
  const server = spawn(join(bin, 'postgres'), ['-D', data, '-k', folder, '-c', 'listen_addresses='], options);
  const url = `postgres:///postgres?host=${encodeURIComponent(folder)}&user=bench`;
  const isReady = () => {
    try {
      execFileSync(join(bin, 'pg_isready'), ['-h', folder], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  while (!isReady()) await delay(100);
  return {
    url,
    folder,
    stop: async () => {
      const ended = new Promise((resolve) => server.once('close', resolve));
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
