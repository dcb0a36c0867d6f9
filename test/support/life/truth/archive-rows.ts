import type { Disk } from '../../../../src/system/disk.ts';
import { comparedTables, type ComparedTable, type Row, lineOf } from './truth-lines.ts';
import type { ReadableFormat } from '../../../../src/readers/data-file.ts';
import { filesOf, rowsOfFile } from './archive-files.ts';

/** The newest rows of one message (room, version) in one table. */
interface Newest {
  readonly run: number;
  readonly rows: readonly Row[];
}

/** Rows of one message in one run. */
interface Group {
  readonly table: string;
  readonly id: string;
  readonly run: number;
  readonly rows: Row[];
}

const idColumns: Readonly<Record<string, readonly string[]>> = {
  rooms: ['room_id'],
  users: ['user_id'],
  room_members: ['room_id', 'user_id'],
  message_versions: ['version_id'],
};

/**
 * The rows of an archive as a loader takes them who knows two rules: of a table and id the greatest run holds, and
 * `delete` rows say that there is none. Reads the new files after each run, and what they repeat; all anew where a
 * compaction has replaced files.
 */
export class ArchiveRows {
  readonly #disk: Disk;
  readonly #archive: string;
  readonly #tables: readonly string[];
  readonly #format: ReadableFormat;
  readonly #newest = new Map<string, Map<string, Newest>>();
  #read: ReadonlySet<string> = new Set();
  /** Rows that the last run wrote. */
  lastRead = 0;

  constructor(disk: Disk, archive: string, tables: readonly string[], format: ReadableFormat) {
    this.#disk = disk;
    this.#archive = archive;
    this.#tables = tables;
    this.#format = format;
  }

  /** Current rows by id; those that are deleted have none. */
  current(table: string): ReadonlyMap<string, readonly Row[]> {
    const newest = this.#newest.get(table) ?? new Map<string, Newest>();
    return new Map(
      [...newest].map(([id, { rows }]) => [id, rows.filter(({ op }) => op !== 'delete').toSorted(byPosition)]),
    );
  }

  /**
   * @param run the last one
   * @returns what the files of the new run should not hold, and what a compaction before it changed, in sentences
   */
  async readOn(run: number): Promise<readonly string[]> {
    const files = new Map<string, string>();
    for (const table of this.#tables) {
      for (const path of await filesOf(this.#disk, `${this.#archive}/${table}`, this.#format)) files.set(path, table);
    }
    const isCompacted = [...this.#read].some((path) => !files.has(path));
    const fresh = [...files].filter(([path]) => isCompacted || !this.#read.has(path));
    this.#read = new Set(files.keys());
    const groups = new Map<string, Group>();
    for (const [path, table] of fresh) {
      for (const row of await rowsOfFile(this.#disk, table, path, this.#format)) addTo(groups, table, row);
    }
    const before = isCompacted ? this.#linesOfAll() : [];
    if (isCompacted) this.#newest.clear();
    const problems: string[] = [];
    const inOrder = [...groups.values()].toSorted((a, b) => a.run - b.run);
    const written = inOrder.filter((group) => !isCompacted || group.run >= run);
    for (const group of inOrder.slice(0, inOrder.length - written.length)) {
      this.#set(group);
      problems.push(...repeats(group));
    }
    if (isCompacted) problems.push(...lostOrMade(before, this.#linesOfAll()));
    this.lastRead = written.reduce((sum, { rows }) => sum + rows.length, 0);
    for (const group of written) problems.push(...this.#take(group));
    return problems;
  }

  #set({ table, id, run, rows }: Group): Newest | undefined {
    const newest = this.#newest.get(table) ?? new Map<string, Newest>();
    this.#newest.set(table, newest);
    const before = newest.get(id);
    newest.set(id, { run, rows });
    return before;
  }

  #take(group: Group): readonly string[] {
    const { table, run, rows } = group;
    const before = this.#set(group);
    const twice = repeats(group);
    if (twice.length > 0) return twice;
    if (before === undefined) {
      const isElement = comparedTables.includes(table as ComparedTable) && table !== 'messages';
      return rows.some(({ op }) => op === 'delete') && isElement
        ? [`${said(group)}: a tombstone of what it never had`]
        : [];
    }
    if (before.run >= run) return [`${said(group)}, and run ${before.run} came before`];
    return contentOf(rows) === contentOf(before.rows) ? [`${said(group)} that say what run ${before.run} said`] : [];
  }

  /** What is current, of each table and message. */
  #linesOfAll(): readonly string[] {
    return this.#tables.flatMap((table) =>
      [...this.current(table)].flatMap(([id, rows]) =>
        rows.length === 0 ? [] : [`${table} ${id} ${String(rows[0]?.['run'])} ${lineOf(table, rows)}`],
      ),
    );
  }

  /** Where another format of the same archive has other current rows. */
  async differencesTo(format: ReadableFormat): Promise<readonly string[]> {
    const other = new ArchiveRows(this.#disk, this.#archive, this.#tables, format);
    await other.readOn(Number.POSITIVE_INFINITY);
    return lostOrMade(this.#linesOfAll(), other.#linesOfAll()).map((line) => `as ${format}: ${line}`);
  }
}

function addTo(groups: Map<string, Group>, table: string, row: Row): void {
  const id = (idColumns[table] ?? ['message_id']).map((name) => String(row[name])).join(' ');
  const run = Number(row['run']);
  const key = keyOf(table, id, run);
  const group = groups.get(key);
  if (group === undefined) groups.set(key, { table, id, run, rows: [row] });
  else group.rows.push(row);
}

function keyOf(table: string, id: string, run: number): string {
  return `${table} ${id} ${run}`;
}

function said({ table, id, run, rows }: Group): string {
  return `${table}: run ${run} has ${rows.length === 1 ? 'a row' : `${rows.length} rows`} of ${id}`;
}

function repeats(group: Group): readonly string[] {
  const positions = group.rows.map(({ position = null }) => JSON.stringify(position));
  return new Set(positions).size < positions.length ? [`${said(group)}, twice in one place`] : [];
}

function lostOrMade(before: readonly string[], after: readonly string[]): readonly string[] {
  const [had, has] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !has.has(line)).map((line) => `lost ${line}`),
    ...after.filter((line) => !had.has(line)).map((line) => `made up ${line}`),
  ];
}

function byPosition(a: Row, b: Row): number {
  return Number(a['position'] ?? 0) - Number(b['position'] ?? 0);
}

/** Everything but the number of the run. */
function contentOf(rows: readonly Row[]): string {
  return JSON.stringify(rows.toSorted(byPosition).map((row) => ({ ...row, run: null })));
}
