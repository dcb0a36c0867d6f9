import type { Disk } from '../../../src/system/disk.ts';
import { comparedTables, type ComparedTable, type Row } from './truth-lines.ts';

/** The newest rows of one message (room, version) in one table. */
interface Newest {
  readonly run: number;
  readonly rows: readonly Row[];
}

const idColumns: Readonly<Record<string, string>> = { rooms: 'room_id', message_versions: 'version_id' };

/**
 * The rows of an archive as a loader takes them who knows two rules: of a table and id the greatest run holds, and
 * `delete` rows say that there is none. Reads the new files after each run, and what they repeat.
 */
export class ArchiveRows {
  readonly #disk: Disk;
  readonly #archive: string;
  readonly #tables: readonly string[];
  readonly #newest = new Map<string, Map<string, Newest>>();
  readonly #read = new Set<string>();
  /** Rows that the last run wrote. */
  lastRead = 0;

  constructor(disk: Disk, archive: string, tables: readonly string[]) {
    this.#disk = disk;
    this.#archive = archive;
    this.#tables = tables;
    for (const table of tables) this.#newest.set(table, new Map());
  }

  /** Current rows by id; those that are deleted have none. */
  current(table: string): ReadonlyMap<string, readonly Row[]> {
    const newest = this.#newest.get(table) ?? new Map<string, Newest>();
    return new Map(
      [...newest].map(([id, { rows }]) => [id, rows.filter(({ op }) => op !== 'delete').toSorted(byPosition)]),
    );
  }

  /** @returns what the files of the new run should not hold, in sentences */
  async readOn(): Promise<readonly string[]> {
    const problems: string[] = [];
    this.lastRead = 0;
    for (const table of this.#tables) {
      const groups = new Map<string, Row[]>();
      for (const row of await this.#newRows(`${this.#archive}/${table}`)) {
        this.lastRead += 1;
        const key = `${String(row[idColumns[table] ?? 'message_id'])} ${String(row['run'])}`;
        groups.set(key, [...(groups.get(key) ?? []), row]);
      }
      for (const [key, rows] of groups) problems.push(...this.#take(table, key, rows));
    }
    return problems;
  }

  #take(table: string, key: string, rows: readonly Row[]): readonly string[] {
    const [id = '', run = ''] = key.split(' ');
    const newest = this.#newest.get(table);
    const before = newest?.get(id);
    newest?.set(id, { run: Number(run), rows });
    const positions = rows.map(({ position = null }) => JSON.stringify(position));
    const said = `${table}: run ${run} has ${rows.length === 1 ? 'a row' : `${rows.length} rows`} of ${id}`;
    if (new Set(positions).size < rows.length) return [`${said}, twice in one place`];
    if (before === undefined) {
      const isElement = comparedTables.includes(table as ComparedTable) && table !== 'messages';
      return rows.some(({ op }) => op === 'delete') && isElement ? [`${said}: a tombstone of what it never had`] : [];
    }
    if (before.run >= Number(run)) return [`${said}, and run ${before.run} came before`];
    return contentOf(rows) === contentOf(before.rows) ? [`${said} that say what run ${before.run} said`] : [];
  }

  async #newRows(folder: string): Promise<readonly Row[]> {
    const rows: Row[] = [];
    for (const name of (await this.#disk.list(folder)) ?? []) {
      const path = `${folder}/${name}`;
      if (!name.endsWith('.jsonl')) {
        rows.push(...(await this.#newRows(path)));
        continue;
      }
      if (this.#read.has(path)) continue;
      this.#read.add(path);
      const text = (await this.#disk.readFile(path))?.toString() ?? '';
      rows.push(...text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Row])));
    }
    return rows;
  }
}

function byPosition(a: Row, b: Row): number {
  return Number(a['position'] ?? 0) - Number(b['position'] ?? 0);
}

/** Everything but the number of the run. */
function contentOf(rows: readonly Row[]): string {
  return JSON.stringify(rows.toSorted(byPosition).map((row) => ({ ...row, run: null })));
}
