import { SeenIds } from '../versions/seen-ids.ts';

/**
 * Numbers of messages: each gets one when it is seen first, in the order of the runs and, within a run, of its rows. A later
 * run adds numbers behind those that there are, so nothing that was ever cited changes. An archive gives the same numbers
 * whenever it is read, except for one that has lost rows: `known` are those that were given before.
 */
export class Numbering {
  readonly #seen: SeenIds;
  /** By the order in which they were met: the run, and after `close` the number. 0: it has moved. */
  #values: Uint32Array;
  #size = 0;
  /** Of those that a table noted later has in an earlier run: where they stand now. */
  readonly #moved = new Map<number, number>();
  readonly #known: number;
  readonly #firstNew: number;

  /**
   * @param expected messages to reserve memory for: 20 bytes each
   * @param known ids in the order of their numbers, from 1; empty where a message is gone for good
   */
  constructor(expected: number, known: readonly string[] = []) {
    this.#seen = new SeenIds(expected);
    this.#values = new Uint32Array(Math.max(expected, 16));
    for (const [index, id] of known.entries()) {
      if (id !== '' && this.#seen.note(id, this.#size + 1) === undefined) this.#push(index + 1);
    }
    this.#known = known.length;
    this.#firstNew = this.#size;
  }

  /**
   * To be called for every row, table by table, in the archive's order: the first run that wrote the message decides, not
   * the newest version. Returns whether the id is new.
   */
  note(id: string, run: number): boolean {
    const known = this.#seen.note(id, this.#size + 1);
    if (known === undefined) {
      this.#push(run);
      return true;
    }
    const at = this.#moved.get(known - 1) ?? known - 1;
    if (at < this.#firstNew || run >= (this.#values[at] ?? 0)) return false;
    this.#values[at] = 0;
    this.#moved.set(known - 1, this.#size);
    this.#push(run);
    return false;
  }

  /** Gives the numbers: from here on they can be asked for. Returns the last one. */
  close(): number {
    const newByRun = new Map<number, number>();
    for (const run of this.#values.subarray(this.#firstNew, this.#size)) {
      if (run !== 0) newByRun.set(run, (newByRun.get(run) ?? 0) + 1);
    }
    let last = this.#known;
    const lastByRun = new Map<number, number>();
    for (const [run, count] of [...newByRun].sort(([a], [b]) => a - b)) {
      lastByRun.set(run, last);
      last += count;
    }
    for (let at = this.#firstNew; at < this.#size; at++) {
      const run = this.#values[at] ?? 0;
      if (run === 0) continue;
      const number = (lastByRun.get(run) ?? 0) + 1;
      this.#values[at] = number;
      lastByRun.set(run, number);
    }
    return last;
  }

  /** undefined: nobody has noted the id. */
  numberOf(id: string): number | undefined {
    const known = this.#seen.marks(id);
    return known === 0 ? undefined : this.#values[this.#moved.get(known - 1) ?? known - 1];
  }

  #push(value: number): void {
    if (this.#size === this.#values.length) {
      const grown = new Uint32Array(this.#values.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#size] = value;
    this.#size += 1;
  }
}
