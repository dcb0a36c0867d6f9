import { createHash } from 'node:crypto';
import { stringifyExact } from '../../model/json/exact-json.ts';
import type { Row } from '../../model/column.ts';

/** A hash of rows in their order, whatever format they came from: equal rows, equal digests. */
export class RowDigest {
  readonly #hash = createHash('sha256');
  #rows = 0;

  get rows(): number {
    return this.#rows;
  }

  add(rows: readonly Row[]): void {
    for (const row of rows) this.#hash.update(`${stringifyExact(row)}\n`);
    this.#rows += rows.length;
  }

  /** Lower-case hex. Nothing can be added afterwards. */
  end(): string {
    return this.#hash.digest('hex');
  }
}
