import { OutputError } from '../errors.ts';
import type { ColumnSpec, Row } from '../tables/column.ts';

/** The columns that tell which version of what a row is. */
export interface KeyColumns {
  /** `message_id`; of the table of rooms `room_id`. */
  readonly id: string;
  /** Whether rows may say that the message is gone: the table of rooms has no `op`. */
  readonly hasOp: boolean;
}

/** What to read of a file to know the versions in it. */
export function keyColumns({ id, hasOp }: KeyColumns): readonly ColumnSpec[] {
  const text = (name: string): ColumnSpec => ({ name, type: { kind: 'string' }, nullable: false });
  return [text(id), ...(hasOp ? [text('op')] : []), { name: 'run', type: { kind: 'int' }, nullable: false }];
}

/**
 * The newest version of everything that has more than one, or may have: by id the run that wrote it. What is not in here
 * has one version, whatever its run. Takes some hundred bytes for each id.
 */
export class Versions {
  readonly #key: KeyColumns;
  /** The run; below zero: in that run it was deleted. */
  readonly #runs = new Map<string, number>();

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

  /** Takes what another says of ids that this one does not know. */
  addUnknown(other: Versions): void {
    for (const [id, run] of other.#runs) if (!this.#runs.has(id)) this.#runs.set(id, run);
  }

  /** @throws OutputError for a second row of the same id and run: which one is newer nobody could tell */
  add(row: Row): void {
    const { id, run, isDeleted } = this.#read(row);
    const known = Math.abs(this.#runs.get(id) ?? 0);
    if (known === run) {
      throw new OutputError(`Cannot tell the newest version of "${id}": run ${run} has two rows of it`, {
        hint: 'Run `verify` on the archive, and report this: no run should write such rows',
      });
    }
    // A copy: an id that was cut out of a megabyte of text would keep all of it in memory.
    if (run > known) this.#runs.set(Buffer.from(id).toString(), isDeleted ? -run : run);
  }

  /**
   * Whether the row is the newest version of what it is of, and not a deletion.
   *
   * @throws OutputError for a row that is newer than all those that were said to be possibly newer
   */
  isCurrent(row: Row): boolean {
    const { id, run, isDeleted } = this.#read(row);
    const newest = this.#runs.get(id);
    if (newest !== undefined && run > Math.abs(newest)) {
      throw new OutputError(
        `Cannot tell the newest version of "${id}": run ${run} has one in a file that the manifest does not mark as revising`,
        { hint: 'Run `verify` on the archive, and report this: no run should write such rows' },
      );
    }
    return !isDeleted && (newest === undefined || newest === run);
  }

  #read(row: Row): { readonly id: string; readonly run: number; readonly isDeleted: boolean } {
    const { [this.#key.id]: id, run, op } = row;
    const isTold = this.#key.hasOp ? typeof op === 'string' : true;
    if (typeof id === 'string' && typeof run === 'number' && isTold) return { id, run, isDeleted: op === 'delete' };
    const names = keyColumns(this.#key).map(({ name }) => `"${name}"`);
    throw new OutputError(`Cannot tell the newest versions: a row lacks one of ${names.join(', ')}`, {
      hint: 'Rows of a job that drops these columns (`dropColumns`) cannot be told apart',
    });
  }
}
