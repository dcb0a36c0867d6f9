import { closeSync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { errorCode, OutputError, StoppedError } from '../../errors.ts';
import { importDriver } from '../import-driver.ts';

type SqliteValue = string | number | bigint | Uint8Array | null;

/** What is used of SQLite, whichever build it is. */
export interface SqliteDriver {
  exec(sql: string): void;
  all(sql: string): readonly Readonly<Record<string, unknown>>[];
  prepare(sql: string): {
    readonly run: (values: SqliteValue[]) => void;
    readonly finalize: () => void;
  };
  close(): void;
}

/** How to open a file with the build of SQLite that there is. */
export interface SqliteBuild {
  /**
   * Whether opening a file takes back what a killed process had begun to write. node-sqlite3-wasm 0.8.60 does not: its locks
   * are folders, `xCheckReservedLock` takes its own for that of somebody who writes, and so SQLite leaves the hot journal alone.
   * Source: its nodejsCheckReservedLock; hasHotJournal in SQLite's pager.c.
   */
  readonly rollsBack: boolean;
  readonly open: (path: string) => SqliteDriver;
}

/** Others that read have to let go by then. */
const busyTimeoutMs = 10_000;

/**
 * Node's own SQLite where it has one (22.13 and later without a flag), else a build of it in WebAssembly.
 *
 * @throws UsageError where there is neither
 */
export async function sqliteBuild(): Promise<SqliteBuild> {
  try {
    const sqlite = await import('node:sqlite');
    return {
      rollsBack: true,
      open: (path) => {
        makePrivate(path);
        return nodeDriver(new sqlite.DatabaseSync(path, { timeout: busyTimeoutMs }));
      },
    };
  } catch (error) {
    if (errorCode(error) !== 'ERR_UNKNOWN_BUILTIN_MODULE') throw error;
    return wasmBuild();
  }
}

/**
 * SQLite makes a file for all to read as a rule, and takes an empty one for a new database. Its journals have the mode of the
 * file. The other build makes both for the owner alone. What fails here fails there, too, with a reason.
 */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch {
    return;
  }
}

function nodeDriver(database: DatabaseSync): SqliteDriver {
  return {
    exec: (sql) => database.exec(sql),
    all: (sql) => database.prepare(sql).all(),
    prepare: (sql) => {
      const statement = database.prepare(sql);
      return { run: (values) => void statement.run(...values), finalize: () => undefined };
    },
    close: () => database.close(),
  };
}

async function wasmBuild(): Promise<SqliteBuild> {
  const { default: sqlite } = await importDriver(
    'node-sqlite3-wasm',
    () => import('node-sqlite3-wasm'),
    ', or use Node 22.13 or newer, which has SQLite in it',
  );
  return {
    rollsBack: false,
    open: (path) => {
      const database = new sqlite.Database(path);
      return {
        exec: (sql) => database.exec(sql),
        all: (sql) => database.all(sql),
        prepare: (sql) => {
          const statement = database.prepare(sql);
          return { run: (values) => void statement.run(values), finalize: () => finalized(statement) };
        },
        close: () => database.close(),
      };
    },
  };
}

/** Where `run` has failed, it fails for the same reason. Source: sqlite.org/c3ref/finalize.html. */
function finalized(statement: { readonly finalize: () => void }): void {
  try {
    statement.finalize();
  } catch {
    return;
  }
}

const classes = ['SQLite3Error', 'ERR_SQLITE_ERROR'];

/** What either build says of a file that somebody else has locked or edited, that it cannot use, or that has no room. */
export function sqliteFailure(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error;
  if (/database is locked|SQLITE_BUSY/.test(error.message)) {
    return new StoppedError(`Cannot load to "${path}": somebody else is writing to it`, {
      cause: error,
      hint: 'Run the same command again when they are done',
    });
  }
  // The build in WebAssembly says of a full disk that it cannot be written to.
  if (/disk is full|SQLITE_FULL|disk I\/O error/.test(error.message)) {
    const what = error.message.includes('I/O') ? 'is full, or fails' : 'is full';
    return new OutputError(`Cannot load to "${path}": the disk ${what}`, {
      cause: error,
      hint: 'Make room and run the same command again: what was committed stays',
    });
  }
  if (!/not a database|malformed|(?:unable to|Could not) open/.test(error.message)) {
    if (!classes.includes(error.name) && !classes.includes(errorCode(error) ?? '')) return error;
    return new OutputError(`Cannot load to "${path}": ${error.message}`, {
      cause: error,
      hint: 'The database is as it was before this transaction. If somebody has edited it, load into a new file',
    });
  }
  return new OutputError(`Cannot use "${path}" as a database of SQLite: ${error.message}`, {
    cause: error,
    hint: 'Name a new file; everything is loaded into it',
  });
}
