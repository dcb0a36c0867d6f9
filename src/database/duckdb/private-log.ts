import { open, rm, stat } from 'node:fs/promises';

/**
 * Lets nobody read DuckDB's write-ahead log who may not read the database: DuckDB makes it when a transaction commits, after
 * each checkpoint anew, for all to read as a rule, and a killed process leaves it with the rows in it. One that is there it
 * keeps. To be called before each statement that may commit; where that is not possible, DuckDB says why.
 *
 * @param path of the database
 */
export async function makeLogPrivate(path: string): Promise<void> {
  const mode = ((await stat(path).catch(() => undefined))?.mode ?? 0o600) & 0o777;
  const log = await open(logOf(path), 'a', mode).catch(() => undefined);
  // It may be somebody else's, who gave it a mode.
  await log?.chmod(mode).catch(() => undefined);
  await log?.close();
}

/** After the database was closed, which removes the log only where something was written to it. */
export async function removeEmptyLog(path: string): Promise<void> {
  const log = logOf(path);
  const found = await stat(log).catch(() => undefined);
  if (found?.size === 0) await rm(log, { force: true });
}

/** Source: duckdb.org/docs, "Files Created by DuckDB". */
function logOf(path: string): string {
  return `${path}.wal`;
}
