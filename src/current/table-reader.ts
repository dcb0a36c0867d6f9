import { join } from 'node:path';
import { verifyFile } from '../archive/verify-file.ts';
import type { Disk } from '../disk.ts';
import { DifferenceError } from '../errors.ts';
import { columnsOfFile } from '../readers/describe-data-file.ts';
import { readDataFile } from '../readers/read-data-file.ts';
import type { ColumnSpec, Row } from '../tables/column.ts';
import type { TableFile } from './table-files.ts';

/** Reads files of an archive, none before its bytes have been compared with its manifest, and each compared once. */
export class TableReader {
  readonly #disk: Disk;
  readonly #archive: string;
  readonly #verified = new Set<string>();

  constructor(disk: Disk, archive: string) {
    this.#disk = disk;
    this.#archive = archive;
  }

  /**
   * @throws DifferenceError when a file is not what its manifest says: nothing can be told from it
   */
  async *rows(file: TableFile, columns: readonly ColumnSpec[]): AsyncGenerator<readonly Row[]> {
    await this.#verify(file);
    let rows = 0;
    for await (const batch of readDataFile(this.#disk, this.#dataFile(file), columns)) {
      rows += batch.length;
      yield batch;
    }
    if (rows !== file.rows) this.#differs(file, `${file.rows} rows`, `${rows} rows`);
  }

  /** Names of the columns that a file has; null when it tells none. @throws DifferenceError as above */
  async columns(file: TableFile): Promise<readonly string[] | null> {
    await this.#verify(file);
    return columnsOfFile(this.#disk, this.#dataFile(file));
  }

  #dataFile({ path, format }: TableFile) {
    return { path: join(this.#archive, path), format };
  }

  async #verify(file: TableFile): Promise<void> {
    if (this.#verified.has(file.path)) return;
    const { path, table, format, rows, sizeBytes, sha256 } = file;
    const difference = await verifyFile(this.#disk, this.#archive, { path, table, format, rows, sizeBytes, sha256 });
    if (difference !== undefined) this.#differs(file, difference.expected, difference.actual);
    this.#verified.add(file.path);
  }

  #differs({ path }: { readonly path: string }, expected: string, actual: string): never {
    throw new DifferenceError(
      `Cannot use "${join(this.#archive, path)}": its manifest says ${expected}, and it is ${actual}`,
      { hint: 'Run `verify`: it names every file that is not what its manifest says' },
    );
  }
}
