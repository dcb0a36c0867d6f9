import { dirname, join } from 'node:path';
import { partPath } from '../archive/paths.ts';
import { dataFilePath } from '../archive/paths/data-file-path.ts';
import type { SinkOfFile } from '../archive/sink-key.ts';
import type { ColumnSpec } from '../model/column.ts';
import type { Disk } from '../system/disk.ts';
import type { FileSchema, Sink, TableWriter } from '../sinks/sink.ts';
import type { RowBatch } from '../model/row-batch.ts';
import type { LoadedFile } from '../model/run/load-result.ts';
import type { OpenPart, OpenParts } from './open-parts.ts';

/**
 * One table in one format: rows go into numbered files of `rowsPerFile` rows under `_work/parts`, in a folder for each
 * partition. Which rows lie in which file follows from the order of the rows alone.
 */
export class TableOutput {
  readonly files: LoadedFile[] = [];
  readonly #options: TableOutputOptions;
  /** By place. */
  readonly #open = new Map<string, OpenFile>();
  /** Files begun, by partition. */
  readonly #parts = new Map<string | undefined, number>();
  #last: OpenFile | undefined;

  constructor(options: TableOutputOptions) {
    this.#options = options;
  }

  /** What its files are of. */
  get sink(): SinkOfFile {
    return this.#options.sink;
  }

  get schema(): FileSchema {
    return this.#options.schema;
  }

  async write(batch: RowBatch, place: Place): Promise<void> {
    for (let from = 0; from < batch.length;) {
      const file = await this.#fileFor(place);
      const to = Math.min(batch.length, from + this.#options.rowsPerFile - file.rows);
      const part = from === 0 && to === batch.length ? batch : batch.slice(from, to);
      await (file.writer.writeFrom === undefined ? file.writer.write(part.rows()) : file.writer.writeFrom(part));
      file.rows += to - from;
      from = to;
    }
  }

  /** `evenIfEmpty`: a table without rows becomes a file all the same, so that whoever looks for it finds its columns. */
  async close({ evenIfEmpty }: { readonly evenIfEmpty: boolean }): Promise<void> {
    if (evenIfEmpty && this.#parts.size === 0) {
      await this.#openFile({ partition: this.#options.emptyPartition, mayReplace: false });
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
    const { openParts } = this.#options;
    if (file !== undefined) openParts.use(file);
    await openParts.makeWay(file);
    this.#last = file ?? (await this.#openFile(place));
    return this.#last;
  }

  async #openFile(fileFor: Place): Promise<OpenFile> {
    const { partition } = fileFor;
    const { archive, disk, sink, schema: own, run, openParts } = this.#options;
    const { columns = own.columns } = fileFor;
    const schema = { ...own, columns };
    const part = (this.#parts.get(partition) ?? 0) + 1;
    const path = dataFilePath({ table: schema.table, partition, run, part, extension: sink.extension });
    const place = join(archive, partPath(path));
    await disk.makeFolder(dirname(place));
    const writer = await sink.open(place, schema);
    const file: OpenFile = { place: fileFor, path, writer, rows: 0, close: () => this.#close(file) };
    this.#parts.set(partition, part);
    this.#open.set(keyOf(fileFor), file);
    openParts.use(file);
    return file;
  }

  async #close(file: OpenFile): Promise<void> {
    const { place, path, writer } = file;
    const { schema, sink, openParts } = this.#options;
    const { rows, sizeBytes, sha256 } = await writer.close();
    this.#open.delete(keyOf(place));
    openParts.delete(file);
    if (file === this.#last) this.#last = undefined;
    const { table } = schema;
    const marks = {
      ...(place.mayReplace && { mayReplace: true as const }),
      ...(place.columns !== undefined && { earlier: true as const }),
    };
    this.files.push({ path, table, format: sink.format, rows, sizeBytes, sha256, ...marks });
  }
}

/** Which file rows belong to. */
export interface Place {
  /** Folder below the table's; undefined: none. */
  readonly partition: string | undefined;
  /** See LoadedFile: rows that may replace others are kept apart, so that readers need to remember those only. */
  readonly mayReplace: boolean;
  /** Of rows of earlier runs, which are kept apart, too: what those may lack is null. Absent: rows of this run. */
  readonly columns?: readonly ColumnSpec[];
}

function keyOf({ partition = '', mayReplace, columns }: Place): string {
  return `${String(columns === undefined)} ${String(mayReplace)} ${partition}`;
}

interface OpenFile extends OpenPart {
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
  /** Shared with the other tables of the format. */
  readonly openParts: OpenParts;
  /** Where a table without rows keeps its columns. */
  readonly emptyPartition: string | undefined;
}
