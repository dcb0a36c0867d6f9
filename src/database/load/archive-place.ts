import { DifferenceError, UsageError } from '../../errors.ts';
import type { ColumnSpec, Row } from '../../model/column.ts';
import { shardText } from '../../model/run/shard.ts';
import { doubleQuoted, textLiteral } from '../../schemas/sql-text.ts';
import { typeName } from '../../schemas/type-names.ts';
import type { Engine } from '../engine.ts';
import type { LoadedIdentity } from './archive-links.ts';

/** One row per archive, in a database that is one of several. */
const archivesTable = '_archives';

/** Which of them a row is from: in every table of such a database. */
export const archiveColumn: ColumnSpec = { name: 'archive', type: { kind: 'int' }, nullable: false };

const archivesColumns: readonly ColumnSpec[] = [
  archiveColumn,
  { name: 'first_manifest_sha256', type: { kind: 'string' }, nullable: false },
  { name: 'server_url', type: { kind: 'string' }, nullable: false },
  { name: 'shard_index', type: { kind: 'int' }, nullable: true },
  { name: 'shard_count', type: { kind: 'int' }, nullable: true },
];

/** Where an archive is in a database of several. */
export interface ArchivePlace {
  /** Its number there, from 0 in the order in which they came. */
  readonly archive: number;
  readonly hasOthers: boolean;
}

/** The condition that a row is of the archive, behind the name of a table; empty where it is the only one. */
export function ofPlace(place: ArchivePlace | undefined): string {
  return place === undefined ? '' : ` WHERE ${doubleQuoted(archiveColumn.name)} = ${place.archive}`;
}

/**
 * The place of an archive, which it gets if it has none yet: to be called within the transaction that loads it. A new database
 * becomes one of several when its first archive is a shard, or named with others.
 *
 * @param path as messages name it
 * @param isJoined whether the load names several archives
 * @returns undefined for a database of one archive
 * @throws UsageError for an archive that cannot be joined with those that are there; DifferenceError for another one in the
 *   place of a shard
 */
export async function archivePlace(
  engine: Engine,
  path: string,
  archive: LoadedIdentity,
  isJoined: boolean,
): Promise<ArchivePlace | undefined> {
  const columns = await engine.columns(archivesTable);
  if (columns.length === 0) {
    const isTaken = (await engine.columns('_runs')).length > 0;
    if (isTaken || (archive.shard === undefined && !isJoined)) return undefined;
    await note(engine, 0, archive);
    return { archive: 0, hasOthers: false };
  }
  if (archivesColumns.some(({ name }) => !columns.includes(name))) {
    throw new UsageError(`Cannot load to the database: it has a table "${archivesTable}" that is not of this program`, {
      hint: 'Name a database, or in PostgreSQL a schema, of its own',
    });
  }
  const rows = await engine.query(`SELECT * FROM ${doubleQuoted(archivesTable)} ORDER BY "archive"`);
  const known = rows.map((row): KnownArchive => ({ ...row, archive: Number(row['archive']) }));
  const found = known.find(({ first_manifest_sha256: id }) => id === archive.id);
  if (found !== undefined) {
    if (found.server_url !== archive.serverUrl) await moved(engine, found.archive, archive.serverUrl);
    return { archive: found.archive, hasOthers: known.length > 1 };
  }
  expectPart(path, archive, known, isJoined);
  const next = Math.max(-1, ...known.map((one) => one.archive)) + 1;
  await note(engine, next, archive);
  return { archive: next, hasOthers: known.length > 0 };
}

/** A row of the table, in the words of the engine. */
interface KnownArchive {
  readonly archive: number;
  readonly first_manifest_sha256?: unknown;
  readonly server_url?: unknown;
  readonly shard_index?: unknown;
  readonly shard_count?: unknown;
}

function expectPart(
  path: string,
  { id, serverUrl, shard }: LoadedIdentity,
  known: readonly KnownArchive[],
  isJoined: boolean,
): void {
  const other = known.find(({ server_url: url }) => url !== serverUrl);
  if (other !== undefined) {
    throw new UsageError(
      `Cannot load "${path}" beside what the database holds: they are of ${serverUrl} and ${String(other.server_url)}, expected one workspace`,
      { hint: 'Load each workspace into a database, or in PostgreSQL a schema, of its own' },
    );
  }
  if (shard === undefined) {
    if (isJoined) return;
    throw new DifferenceError(`Cannot load "${path}": the database holds other archives of the workspace`, {
      hint: 'Load it into a new database; or name it together with one that is there, to have it beside those',
    });
  }
  const inPlace = known.find(
    ({ shard_index: index, shard_count: count }) =>
      index !== null && Number(index) === shard.index && Number(count) === shard.count,
  );
  if (inPlace === undefined) return;
  throw new DifferenceError(
    `Cannot load "${path}": the first manifest of shard ${shardText(shard)} in the database has SHA-256 ${String(inPlace.first_manifest_sha256)}, and in the archive ${id}`,
    { hint: 'That shard was loaded from another archive, or this one was begun anew: load all into a new database' },
  );
}

async function note(engine: Engine, archive: number, { id, serverUrl, shard }: LoadedIdentity): Promise<void> {
  const columns = archivesColumns.map(
    ({ name, type, nullable }) => `${doubleQuoted(name)} ${typeName(type, engine.types)}${nullable ? '' : ' NOT NULL'}`,
  );
  await engine.execute(
    `CREATE TABLE IF NOT EXISTS ${doubleQuoted(archivesTable)} (${columns.join(', ')}, PRIMARY KEY ("archive"))`,
  );
  const row: Row = {
    archive,
    first_manifest_sha256: id,
    server_url: serverUrl,
    shard_index: shard?.index ?? null,
    shard_count: shard?.count ?? null,
  };
  await engine.insert(archivesTable, archivesColumns, oneBatch([row]));
}

async function moved(engine: Engine, archive: number, serverUrl: string): Promise<void> {
  await engine.execute(
    `UPDATE ${doubleQuoted(archivesTable)} SET "server_url" = ${textLiteral(serverUrl)}${ofPlace({ archive, hasOthers: true })}`,
  );
}

/** Rows of the program's own, as engines take them. */
export async function* oneBatch<T>(rows: readonly T[]): AsyncGenerator<readonly T[]> {
  yield await Promise.resolve(rows);
}
