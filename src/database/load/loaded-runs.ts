import type { ColumnSpec } from '../../model/column.ts';
import { DifferenceError, UsageError } from '../../errors.ts';
import { doubleQuoted } from '../../schemas/sql-text.ts';
import { typeName } from '../../schemas/type-names.ts';
import type { Engine } from '../engine.ts';
import type { ArchiveLink } from './archive-links.ts';
import { archiveColumn, ofPlace, oneBatch, type ArchivePlace } from './archive-place.ts';

/** One row per link of the archives that the database holds: written in the transaction that brings its rows. */
const runsTable = '_runs';

const runColumns: readonly ColumnSpec[] = [
  { name: 'run', type: { kind: 'int' }, nullable: false },
  { name: 'kind', type: { kind: 'string' }, nullable: false },
  { name: 'manifest_sha256', type: { kind: 'string' }, nullable: false },
  { name: 'finished_at', type: { kind: 'timestamp' }, nullable: false },
  { name: 'loaded_at', type: { kind: 'timestamp' }, nullable: false },
];

/**
 * How many links of the archive a database holds.
 *
 * @param place of the archive in a database of several
 * @throws DifferenceError when they are those of another archive; UsageError when the table is somebody else's
 */
export async function loadedRuns(
  engine: Engine,
  archive: string,
  links: readonly ArchiveLink[],
  place?: ArchivePlace,
): Promise<number> {
  const columns = await engine.columns(runsTable);
  if (columns.length === 0) return 0;
  if (runColumns.some(({ name }) => !columns.includes(name))) {
    throw new UsageError(`Cannot load to the database: it has a table "${runsTable}" that is not of this program`, {
      hint: 'Name a database, or in PostgreSQL a schema, of its own',
    });
  }
  const loaded = await engine.query(
    `SELECT "run", "manifest_sha256" FROM ${doubleQuoted(runsTable)}${ofPlace(place)} ORDER BY "run"`,
  );
  for (const [at, { run, manifest_sha256: hash }] of loaded.entries()) {
    const link = links[at];
    if (link?.sha256 === hash && link?.run === Number(run)) continue;
    throw new DifferenceError(
      `Cannot load "${archive}": the manifest of run ${String(run)} in the database has SHA-256 ${String(hash)}, and in the archive ${link?.sha256 ?? 'there is none'}`,
      {
        hint: 'The database was loaded from another archive, or this one was written anew or restored: load into a new database',
      },
    );
  }
  return loaded.length;
}

/** @param nowMs epoch milliseconds */
export async function recordRuns(
  engine: Engine,
  links: readonly ArchiveLink[],
  nowMs: number,
  place?: ArchivePlace,
): Promise<void> {
  const specs = place === undefined ? runColumns : [archiveColumn, ...runColumns];
  const key = place === undefined ? ['run'] : [archiveColumn.name, 'run'];
  const columns = specs.map(({ name, type }) => `${doubleQuoted(name)} ${typeName(type, engine.types)} NOT NULL`);
  await engine.execute(
    `CREATE TABLE IF NOT EXISTS ${doubleQuoted(runsTable)} (${columns.join(', ')}, PRIMARY KEY (${key.map(doubleQuoted).join(', ')}))`,
  );
  const rows = links.map(({ run, kind, sha256, finishedAt }) => ({
    [archiveColumn.name]: place?.archive ?? null,
    run,
    kind,
    manifest_sha256: sha256,
    finished_at: new Date(finishedAt),
    loaded_at: new Date(nowMs),
  }));
  await engine.insert(runsTable, specs, oneBatch(rows));
}
