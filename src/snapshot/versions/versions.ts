import { ownCopy } from '../../model/text/own-copy.ts';
import { UsageError } from '../../errors.ts';
import type { ColumnSpec, Row } from '../../model/column.ts';
import { supersedes, type VersionOfRow } from './newest-version.ts';
import { rowKeys } from '../../tables/rows/row-key.ts';

/** All columns that say which version of what a row is, of any table. */
export const versionColumns: readonly string[] = [...new Set(Object.values(rowKeys).flat()), 'op', 'run'];

/** Those of one table. */
export interface KeyColumns {
  /** Of members of rooms two of these. */
  readonly ids: readonly string[];
  /** Whether rows may say that the message or room is gone. */
  readonly hasOp: boolean;
  /** Whether one version has several rows: the elements of a message. */
  readonly hasElements?: boolean;
}

/** What to read of a file to know the versions in it. */
export function keyColumns({ ids, hasOp }: KeyColumns): readonly ColumnSpec[] {
  const text = (name: string, nullable: boolean): ColumnSpec => ({ name, type: { kind: 'string' }, nullable });
  // Rooms of schema version 1 have no `op`.
  const op = hasOp ? [text('op', true)] : [];
  return [...ids.map((id) => text(id, false)), ...op, { name: 'run', type: { kind: 'int' }, nullable: false }];
}

/** Which version of what a row is. */
interface RowVersion extends VersionOfRow {
  readonly id: string;
}

/**
 * The newest version of everything that has more than one, or may have: by id the greatest run, which decides alone.
 * What is not in here has one version, whatever its run. Takes some hundred bytes for each id.
 */
export class Versions {
  readonly #key: KeyColumns;
  /** The run; below zero: in that run it was deleted. */
  readonly #runs = new Map<string, number>();
  /** Rows of ids that have several of the newest run. Older programs wrote some: the last one counts. */
  readonly #ties = new Map<string, number>();

  constructor(key: KeyColumns) {
    this.#key = key;
  }

  get size(): number {
    return this.#runs.size;
  }

  ids(): Iterable<string> {
    return this.#runs.keys();
  }

  has(id: string): boolean {
    return this.#runs.has(id);
  }

  /** Takes what another says of ids that this one does not know, or knows in older versions only. */
  raise(other: Versions): void {
    for (const [id, run] of other.#runs) {
      if (Math.abs(run) > Math.abs(this.#runs.get(id) ?? 0)) this.#runs.set(id, run);
    }
  }

  forget(id: string): void {
    this.#runs.delete(id);
  }

  add({ id, run, isDeleted }: RowVersion): void {
    const known = this.#runs.get(id) ?? 0;
    if (!supersedes({ run, isDeleted }, Math.abs(known))) return;
    if (run > Math.abs(known)) {
      this.#runs.set(ownCopy(id), isDeleted ? -run : run);
      this.#ties.delete(id);
    } else if (known < 0) {
      this.#runs.set(id, run);
    } else if (this.#key.hasElements !== true) {
      this.#ties.set(id, (this.#ties.get(id) ?? 1) + 1);
    }
  }

  /**
   * Whether the row is of the newest version of what it is of, and not a deletion.
   *
   * @throws UsageError for a row that does not say what it is of
   */
  isCurrent(row: Row): boolean {
    const { id, run, isDeleted } = this.expect(row);
    const newest = this.#runs.get(id) ?? 0;
    return !isDeleted && run >= Math.abs(newest) && run !== -newest;
  }

  /** The same for one pass over all rows, in which the last of several rows of one id and run is the current one. */
  currentOnce(): (row: Row) => boolean {
    const left = new Map(this.#ties);
    return (row) => {
      if (!this.isCurrent(row)) return false;
      const { id } = this.expect(row);
      const rows = left.get(id);
      if (rows === undefined) return true;
      left.set(id, rows - 1);
      return rows === 1;
    };
  }

  /** undefined: the row does not say. */
  read(row: Row): RowVersion | undefined {
    const { run, op } = row;
    const id = this.#idOf(row);
    if (id === undefined || typeof run !== 'number') return undefined;
    return { id, run, isDeleted: this.#key.hasOp && op === 'delete' };
  }

  /** No id holds a space. */
  #idOf(row: Row): string | undefined {
    const [first = '', ...others] = this.#key.ids;
    const id = row[first];
    // A join for each row of a million messages would be a new text for each.
    if (others.length === 0) return typeof id === 'string' ? id : undefined;
    const ids = this.#key.ids.map((name) => row[name]);
    return ids.every((one) => typeof one === 'string') ? ids.join(' ') : undefined;
  }

  /** @throws UsageError when the row does not say */
  expect(row: Row): RowVersion {
    const version = this.read(row);
    if (version !== undefined) return version;
    const names = keyColumns(this.#key).map(({ name }) => `"${name}"`);
    throw new UsageError(`Cannot determine the newest versions: a row lacks one of ${names.join(', ')}`, {
      hint: 'Rows of a job that drops these columns (`dropColumns`) cannot be distinguished',
    });
  }
}
