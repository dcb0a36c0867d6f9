import { UsageError } from '../errors.ts';
import type { DatabaseTarget } from '../model/run/database-target.ts';
import type { Disk } from '../system/disk.ts';

type FileTarget = Exclude<DatabaseTarget, { readonly kind: 'postgres' }>;

/**
 * What files of each begin with, and at which byte. Sources: sqlite.org/fileformat.html, "Magic Header String";
 * duckdb.org/docs/stable/internals/storage, "Storage Header".
 */
const kinds = {
  sqlite: { name: 'SQLite', magic: 'SQLite format 3\0', atByte: 0 },
  duckdb: { name: 'DuckDB', magic: 'DUCK', atByte: 8 },
} as const;

const headerBytes = 16;

/**
 * Engines say of another file that it is none of theirs when they have begun to work on it, each in its own words; DuckDB
 * downloads an extension for one of SQLite. A file that is not there yet becomes a database; an empty one becomes one of SQLite, and DuckDB
 * refuses it.
 *
 * @throws UsageError for a folder, or a file that the engine did not write
 */
export async function expectDatabaseFile(disk: Disk, { kind, path }: FileTarget): Promise<void> {
  if ((await disk.list(path).catch(() => undefined)) !== undefined) {
    throw new UsageError(`Cannot load to "${kind}:${path}": it is a folder`, { hint: 'Name a file in it' });
  }
  const sizeBytes = await disk.sizeBytes(path);
  if (sizeBytes === undefined || (sizeBytes === 0 && kind === 'sqlite')) return;
  const file = await disk.openToRead(path);
  const header = Buffer.from(await file.read(0, headerBytes).finally(() => file.close())).toString('latin1');
  const { name, magic, atByte } = kinds[kind];
  if (header.startsWith(magic, atByte)) return;
  const other = kind === 'sqlite' ? 'duckdb' : 'sqlite';
  if (header.startsWith(kinds[other].magic, kinds[other].atByte)) {
    throw new UsageError(`Cannot load to "${kind}:${path}": the file is a database of ${kinds[other].name}`, {
      hint: `Use ${other}:FILE, or name a new file`,
    });
  }
  throw new UsageError(`Cannot load to "${kind}:${path}": the file is not a database of ${name}`, {
    hint: 'Name a new file, or one that an earlier load made',
  });
}
