import { ownCopy } from '../../model/text/own-copy.ts';
import type { ColumnSpec, Row } from '../../model/column.ts';
import type { ArchiveIdentity } from '../../archive/union/archive-identity.ts';
import { hasSeveralRows } from '../../tables/rows/row-key.ts';
import type { TableName } from '../../model/table-name.ts';
import type { ArchiveHistory } from '../archive-history.ts';
import { rowsInFiles, tableFiles } from '../table-files.ts';
import type { TableReader } from '../table-reader.ts';
import { keyOf } from '../versions/find-versions.ts';
import { supersedes } from '../versions/newest-version.ts';
import { SeenIds } from '../versions/seen-ids.ts';
import { keyColumns, Versions } from '../versions/versions.ts';

/** An archive, as far as its rows are looked for. */
export interface UnionMember {
  readonly identity: Pick<ArchiveIdentity, 'path' | 'finishedMs'>;
  readonly history: ArchiveHistory;
  readonly reader: TableReader;
}

/** The newest row of something in one archive. */
interface NewestRow {
  readonly run: number;
  readonly isDeleted: boolean;
  readonly room: string | null;
}

/** Present where rows say it: a message that was moved is gone from one room, and there in another. */
const roomColumn: ColumnSpec = { name: 'room_id', type: { kind: 'string' }, nullable: true };

/**
 * By archive, whether a row of a table that is current there is current among all of them: of what several archives have
 * rows of, the archive counts whose newest row is of the run that was finished last; of several at the same millisecond the
 * one that was named last. What is gone there is gone, unless another archive has it in another room: it was moved.
 *
 * Elements of messages follow their message: an archive that never had one of them says by the message itself that it has none.
 *
 * Takes 16 bytes for each thing that has rows, and some hundred for each that several archives have.
 */
export async function ownedRows(
  members: readonly UnionMember[],
  name: TableName,
): Promise<readonly ((row: Row) => boolean)[]> {
  const keys = new Versions(keyOf(name));
  const seen = new SeenIds(members.reduce((sum, member) => sum + rowsIn(member, name), 0));
  const shared = new Set<string>();
  for (const [at, member] of members.entries()) {
    for await (const row of keyRows(member, name)) {
      const id = keys.read(row)?.id;
      if (id === undefined) continue;
      const first = seen.note(id, at + 1);
      if (first !== undefined && first !== at + 1) shared.add(ownCopy(id));
    }
  }
  if (shared.size === 0) return members.map(() => () => true);
  const newest: ReadonlyMap<string, NewestRow>[] = [];
  for (const member of members) newest.push(await newestRows(member, name, keys, shared));
  const owners = new Map([...shared].map((id) => [id, ownerOf(id, members, newest)]));
  return members.map((_, at) => (row) => {
    const id = keys.read(row)?.id;
    return (id === undefined ? at : (owners.get(id) ?? at)) === at;
  });
}

/** Index of the archive whose rows count. */
function ownerOf(
  id: string,
  members: readonly UnionMember[],
  newest: readonly ReadonlyMap<string, NewestRow>[],
): number | undefined {
  const rows = newest
    .flatMap((known, at) => {
      const row = known.get(id);
      return row === undefined ? [] : [{ ...row, at, ms: members[at]?.identity.finishedMs.get(row.run) ?? 0 }];
    })
    .sort((a, b) => b.ms - a.ms || b.at - a.at);
  const [last] = rows;
  if (last?.isDeleted !== true) return last?.at;
  return (rows.find(({ isDeleted, room }) => !isDeleted && room !== last.room) ?? last).at;
}

async function newestRows(
  member: UnionMember,
  name: TableName,
  keys: Versions,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, NewestRow>> {
  const newest = new Map<string, NewestRow>();
  for await (const row of keyRows(member, name)) {
    const version = keys.read(row);
    if (version === undefined || !wanted.has(version.id)) continue;
    const { id, run, isDeleted } = version;
    if (!supersedes({ run, isDeleted }, newest.get(id)?.run)) continue;
    const room = row['room_id'];
    newest.set(ownCopy(id), { run, isDeleted, room: typeof room === 'string' ? room : null });
  }
  return newest;
}

async function* keyRows({ history, reader }: UnionMember, name: TableName): AsyncGenerator<Row> {
  for (const source of sourcesOf(name, history)) {
    const columns = keyColumns(keyOf(name)).map((column) => ({ ...column, nullable: true }));
    const asked = columns.some((column) => column.name === roomColumn.name) ? columns : [...columns, roomColumn];
    for (const file of tableFiles(history, source)) {
      for await (const batch of reader.rows(file, asked)) yield* batch;
    }
  }
}

function rowsIn({ history }: UnionMember, name: TableName): number {
  const tables = sourcesOf(name, history);
  return tables.reduce((sum, table) => sum + rowsInFiles(tableFiles(history, table)), 0);
}

/** The tables of an archive whose rows say how new its versions are. */
export function sourcesOf(name: TableName, { runs }: Pick<ArchiveHistory, 'runs'>): readonly TableName[] {
  const wanted: readonly TableName[] = hasSeveralRows(name) ? [name, 'messages', 'mentioned_messages'] : [name];
  return wanted.filter((table) => runs.some(({ tables }) => Object.hasOwn(tables, table)));
}
