import { dirname, join } from 'node:path';
import { dataFilePath, partPath } from '../archive/paths.ts';
import type { Disk } from '../disk.ts';
import type { FileSchema, Sink, TableWriter } from '../sinks/sink.ts';
import type { Row } from '../tables/column.ts';
import type { LoadedFile } from './load-plan.ts';

/**
 * How many files of a table and format are open at once: a file costs a handle and a megabyte of buffers, and Parquet
 * holds the rows of a group until it is written. What is open beyond either is closed, and goes on in another part when
 * its partition comes again.
 *
 * Rooms come one after another, so each has one part. Months come again with every room: a short history stays open as
 * a whole, a long one is cut into about one part a room and month.
 */
const mostOpenFiles = 16;
const mostOpenRows = 200_000;

/**
 * One table in one format: rows go into numbered files of `rowsPerFile` rows under `_work/parts`, in a folder for each
 * partition. Which rows lie in which file follows from the order of the rows alone.
 */
export class TableOutput {
  readonly files: LoadedFile[] = [];
  readonly #options: TableOutputOptions;
  /** By place, the one longest unused first. */
  readonly #open = new Map<string, OpenFile>();
  /** Files begun, by partition. */
  readonly #parts = new Map<string | undefined, number>();
  #last: OpenFile | undefined;

  constructor(options: TableOutputOptions) {
    this.#options = options;
  }

  async write(rows: readonly Row[], place: Place): Promise<void> {
    for (let from = 0; from < rows.length;) {
      const file = await this.#fileFor(place);
      const to = Math.min(rows.length, from + this.#options.rowsPerFile - file.rows);
      await file.writer.write(from === 0 && to === rows.length ? rows : rows.slice(from, to));
      file.rows += to - from;
      from = to;
    }
  }

  /** `evenIfEmpty`: a table without rows becomes a file all the same, so that whoever looks for it finds its columns. */
  async close({ evenIfEmpty }: { readonly evenIfEmpty: boolean }): Promise<void> {
    if (evenIfEmpty && this.#parts.size === 0) {
      await this.#openFile({ partition: this.#options.emptyPartition, revises: false });
    }
    for (const file of this.#open.values()) await this.#close(file);
  }

  /** Never throws. */
  async abort(): Promise<void> {
    for (const { writer } of this.#open.values()) await writer.abort();
  }

  async #fileFor(place: Place): Promise<OpenFile> {
    const key = keyOf(place);
    let file = this.#open.get(key);
    if (file?.rows === this.#options.rowsPerFile) {
      await this.#close(file);
      file = undefined;
    }
    if (file !== undefined && file === this.#last) return file;
    if (file !== undefined) {
      this.#open.delete(key);
      this.#open.set(key, file);
    }
    await this.#closeUnused(file);
    this.#last = file ?? (await this.#openFile(place));
    return this.#last;
  }

  /** Makes way for one more file, unless `next`, the last in order, is open already. */
  async #closeUnused(next: OpenFile | undefined): Promise<void> {
    const room = next === undefined ? mostOpenFiles - 1 : mostOpenFiles;
    let openRows = 0;
    for (const { rows } of this.#open.values()) openRows += rows;
    for (const file of this.#open.values()) {
      if (file === next || (this.#open.size <= room && openRows <= mostOpenRows)) return;
      openRows -= file.rows;
      await this.#close(file);
    }
  }

  async #openFile(fileFor: Place): Promise<OpenFile> {
    const { partition } = fileFor;
    const { archive, disk, sink, schema, run } = this.#options;
    const part = (this.#parts.get(partition) ?? 0) + 1;
    const path = dataFilePath(schema.table, run, part, sink.extension, partition);
    const place = join(archive, partPath(path));
    await disk.makeFolder(dirname(place));
    const file: OpenFile = { place: fileFor, path, writer: await sink.open(place, schema), rows: 0 };
    this.#parts.set(partition, part);
    this.#open.set(keyOf(fileFor), file);
    return file;
  }

  async #close({ place, path, writer }: OpenFile): Promise<void> {
    const { rows, sizeBytes, sha256 } = await writer.close();
    this.#open.delete(keyOf(place));
    const { schema, sink } = this.#options;
    const { table } = schema;
    const revises = place.revises ? { revises: true as const } : {};
    this.files.push({ path, table, format: sink.format, rows, sizeBytes, sha256, ...revises });
  }
}

/** Which file rows belong to. */
export interface Place {
  /** Folder below the table's; undefined: none. */
  readonly partition: string | undefined;
  /** See LoadedFile: rows that may replace others are kept apart, so that readers need to remember those only. */
  readonly revises: boolean;
}

function keyOf({ partition = '', revises }: Place): string {
  return `${String(revises)} ${partition}`;
}

interface OpenFile {
  readonly place: Place;
  /** Its final path, relative to the archive. */
  readonly path: string;
  readonly writer: TableWriter;
  rows: number;
}

export interface TableOutputOptions {
  readonly disk: Disk;
  readonly archive: string;
  readonly run: number;
  readonly sink: Sink;
  readonly schema: FileSchema;
  readonly rowsPerFile: number;
  /** Where a table without rows keeps its columns. */
  readonly emptyPartition: string | undefined;
}
