import { dirname } from 'node:path';
import { underLock, type WriterEnvironment } from '../archive/lock/under-lock.ts';
import { UsageError } from '../errors.ts';
import type { Disk } from '../system/disk.ts';
import type { DatabaseTarget } from '../model/run/database-target.ts';
import type { Engine } from './engine.ts';
import { expectDatabaseFile } from './expect-database-file.ts';
import type { SqliteBuild } from './sqlite/sqlite-driver.ts';

/**
 * Opens the database, and closes it whatever comes of the work.
 *
 * @throws what opening throws, and what the work throws
 */
export async function withEngine<T>(
  target: DatabaseTarget,
  surroundings: WriterEnvironment,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  switch (target.kind) {
    case 'postgres': {
      const { openPostgres } = await import('./postgres/open-postgres.ts');
      return thenClose(await openPostgres(target.url), work);
    }
    case 'duckdb': {
      await expectFolder(surroundings.disk, target);
      await expectDatabaseFile(surroundings.disk, target);
      const { openDuckDb } = await import('./duckdb/open-duckdb.ts');
      return thenClose(await openDuckDb(target.path), work);
    }
    case 'sqlite': {
      await expectFolder(surroundings.disk, target);
      await expectDatabaseFile(surroundings.disk, target);
      const { sqliteBuild } = await import('./sqlite/sqlite-driver.ts');
      return withSqlite(await sqliteBuild(), target.path, surroundings, work);
    }
  }
}

/**
 * A build that cannot take back what a killed process had begun works in a copy, and has a lock of ours around it, which
 * shows whether its holder lives.
 */
async function withSqlite<T>(
  build: SqliteBuild,
  path: string,
  surroundings: WriterEnvironment,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const { openSqlite } = await import('./sqlite/open-sqlite.ts');
  if (build.rollsBack) return thenClose(openSqlite(build, path), work);
  const { disk } = surroundings;
  const { inCopy, realFile } = await import('./sqlite/in-copy.ts');
  const file = await realFile(path);
  const own = `${file}.load`;
  try {
    return await underLock(own, surroundings, ({ disk: held }) =>
      inCopy(held, file, own, (copy) => thenClose(openSqlite(build, path, copy), work)),
    );
  } finally {
    await disk.removeEmptyFolder(own).catch(() => undefined);
  }
}

async function thenClose<T>(engine: Engine, work: (engine: Engine) => Promise<T>): Promise<T> {
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

/** @throws UsageError */
async function expectFolder(
  disk: Disk,
  { kind, path }: { readonly kind: string; readonly path: string },
): Promise<void> {
  if ((await disk.list(dirname(path)).catch(() => undefined)) !== undefined) return;
  throw new UsageError(`Cannot load to "${kind}:${path}": there is no folder "${dirname(path)}"`, {
    hint: 'Make it, or name a file in another folder',
  });
}
