import { dirname, join } from 'node:path';
import { dataFilePath, partPath } from '../archive/paths.ts';
import type { Disk } from '../disk.ts';
import type { FileSchema, Sink, TableWriter } from '../sinks/sink.ts';
import type { Row } from '../tables/column.ts';
import type { LoadedFile } from './load-plan.ts';

/** One table in one format: rows go into numbered files of `rowsPerFile` rows under `_work/parts`. */
export class TableOutput {
  readonly files: LoadedFile[] = [];
  readonly #options: TableOutputOptions;
  #writer: TableWriter | undefined;
  #rowsInFile = 0;

  constructor(options: TableOutputOptions) {
    this.#options = options;
  }

  async write(rows: readonly Row[]): Promise<void> {
    for (let from = 0; from < rows.length;) {
      if (this.#rowsInFile === this.#options.rowsPerFile) await this.#closeFile();
      this.#writer ??= await this.#openFile();
      const to = Math.min(rows.length, from + this.#options.rowsPerFile - this.#rowsInFile);
      await this.#writer.write(from === 0 && to === rows.length ? rows : rows.slice(from, to));
      this.#rowsInFile += to - from;
      from = to;
    }
  }

  /** `evenIfEmpty`: a table without rows becomes a file all the same, so that whoever looks for it finds its columns. */
  async close({ evenIfEmpty }: { readonly evenIfEmpty: boolean }): Promise<void> {
    if (this.#writer === undefined && evenIfEmpty && this.files.length === 0) this.#writer = await this.#openFile();
    if (this.#writer !== undefined) await this.#closeFile();
  }

  async abort(): Promise<void> {
    await this.#writer?.abort();
  }

  #path(): string {
    const { schema, sink, run } = this.#options;
    return dataFilePath(schema.table, run, this.files.length + 1, sink.extension);
  }

  async #openFile(): Promise<TableWriter> {
    const { archive, disk, sink, schema } = this.#options;
    const path = join(archive, partPath(this.#path()));
    await disk.makeFolder(dirname(path));
    return sink.open(path, schema);
  }

  async #closeFile(): Promise<void> {
    if (this.#writer === undefined) return;
    const { rows, sizeBytes, sha256 } = await this.#writer.close();
    const { schema, sink } = this.#options;
    this.files.push({ path: this.#path(), table: schema.table, format: sink.format, rows, sizeBytes, sha256 });
    this.#writer = undefined;
    this.#rowsInFile = 0;
  }
}

export interface TableOutputOptions {
  readonly disk: Disk;
  readonly archive: string;
  readonly run: number;
  readonly sink: Sink;
  readonly schema: FileSchema;
  readonly rowsPerFile: number;
}
