import type { Disk } from '../../system/disk.ts';
import { JobError } from '../../errors.ts';
import type { ColumnSpec, Row } from '../../model/column.ts';
import { anyKind, batchOfRows, type RowBatch, type RowKind } from '../../model/row-batch.ts';
import { openHyparquetEncoder } from './hyparquet-encoder.ts';
import { OutputFile } from '../output-file.ts';
import type { ParquetEncoder } from './parquet-encoder.ts';
import { openParquetjsLiteEncoder } from './parquetjs-lite-encoder.ts';
import type { ParquetEngine, ParquetOptions } from '../../model/sink-options.ts';
import type { FileSchema, Sink, TableWriter, WrittenFile } from '../sink.ts';
import type { StoredRows } from './stored/stored-rows.ts';

/** When a row group is full: with the row that reaches either. */
export interface RowGroupLimits {
  readonly rows: number;
  /** Estimated, uncompressed. */
  readonly sizeBytes: number;
}

/**
 * Query engines read large groups best: 122,880 rows are DuckDB's own. By the engine hyparquet a group waits as pages
 * that are compressed already; the bytes bound what a reader of the file takes, and cut tables of long messages first.
 * parquetjs-lite makes several objects of every value.
 */
const defaultRowGroups: Readonly<Record<ParquetEngine, RowGroupLimits>> = {
  hyparquet: { rows: 122_880, sizeBytes: 64 * 1024 * 1024 },
  'parquetjs-lite': { rows: 10_000, sizeBytes: 8 * 1024 * 1024 },
};

/**
 * Apache Parquet: native types, three-level lists, timestamps as INT64 milliseconds in UTC, the metadata of `FileSchema`
 * as key-value pairs; by the engine hyparquet also smallest and largest texts and dictionaries.
 *
 * Cannot hold: lone surrogates (U+FFFD instead). Nothing else is lost.
 *
 * Equal rows give equal bytes; with `gzip`, and with `zstd` where Node brings it, only under one version of Node.
 *
 * @throws JobError for a compression that the engine does not have.
 */
export function createParquetSink(options: ParquetOptions, disk: Disk, rowGroup?: RowGroupLimits): Sink {
  const limits = rowGroup ?? defaultRowGroups[options.engine ?? 'hyparquet'];
  const openEncoder = encoderOpener(options);
  return {
    format: 'parquet',
    extension: 'parquet',
    async open(path, schema) {
      const encoder = await openEncoder(schema);
      return new ParquetTableWriter(await OutputFile.open(disk, path), schema.columns, encoder, limits);
    },
  };
}

function encoderOpener({
  engine = 'hyparquet',
  compression,
}: ParquetOptions): (schema: FileSchema) => Promise<ParquetEncoder> {
  switch (engine) {
    case 'hyparquet':
      return (schema) => openHyparquetEncoder(schema, compression ?? 'zstd');
    case 'parquetjs-lite':
      if (compression === 'zstd') {
        throw new JobError('Cannot compress Parquet by "zstd" with engine "parquetjs-lite": it has none', {
          hint: 'Choose compression "snappy", "gzip" or "none", or engine "hyparquet"',
        });
      }
      return (schema) => openParquetjsLiteEncoder(schema, compression ?? 'snappy');
  }
}

/** A writer that takes rows of a Parquet file as they are, column by column. */
interface StoredRowsWriter extends TableWriter {
  /** Writes those from where `rows` were read to, up to `toRow`. */
  writeStored(rows: StoredRows, toRow: number): Promise<void>;
}

/** undefined: it takes rows one by one only. */
export function storedRowsWriter(writer: TableWriter): StoredRowsWriter | undefined {
  return writer instanceof ParquetTableWriter && writer.takesStored ? writer : undefined;
}

class ParquetTableWriter implements StoredRowsWriter {
  readonly #file: OutputFile;
  readonly #columns: readonly ColumnSpec[];
  readonly #anyKind: RowKind;
  readonly #encoder: ParquetEncoder;
  readonly #limits: RowGroupLimits;
  #rows = 0;
  #pendingRows = 0;
  #pendingSizeBytes = 0;

  constructor(file: OutputFile, columns: readonly ColumnSpec[], encoder: ParquetEncoder, limits: RowGroupLimits) {
    this.#file = file;
    this.#columns = columns;
    this.#anyKind = anyKind(columns);
    this.#encoder = encoder;
    this.#limits = limits;
  }

  get takesStored(): boolean {
    return this.#encoder.copy !== undefined;
  }

  async writeStored(rows: StoredRows, toRow: number): Promise<void> {
    if (this.#encoder.copy === undefined) throw new TypeError('This encoder takes rows one by one only');
    const sizesBytes = rows.sizesBytes();
    for (let row = rows.at; row < toRow; row += 1) {
      if (!rows.isKept(row)) continue;
      const isFull = this.#count(sizesBytes[row] ?? 0);
      if (!isFull) continue;
      this.#encoder.copy(rows, row + 1);
      await this.#writeRowGroup();
    }
    this.#encoder.copy(rows, toRow);
  }

  write(rows: readonly Row[]): Promise<void> {
    return this.writeFrom(batchOfRows(rows, this.#columns, this.#anyKind));
  }

  async writeFrom(batch: RowBatch): Promise<void> {
    for (let at = 0; at < batch.length; at += 1) {
      const isFull = this.#count(this.#encoder.add(batch, at));
      if (isFull) await this.#writeRowGroup();
    }
  }

  async close(): Promise<WrittenFile> {
    try {
      if (this.#pendingRows > 0) await this.#writeRowGroup();
      for (const bytes of await this.#encoder.finish()) await this.#file.write(bytes);
    } catch (error) {
      await this.abort();
      throw error;
    }
    return { rows: this.#rows, ...(await this.#file.close()) };
  }

  abort(): Promise<void> {
    return this.#file.abort();
  }

  /** Counts a row more; returns whether it fills the row group. */
  #count(sizeBytes: number): boolean {
    this.#pendingSizeBytes += sizeBytes;
    this.#pendingRows += 1;
    return this.#pendingRows >= this.#limits.rows || this.#pendingSizeBytes >= this.#limits.sizeBytes;
  }

  async #writeRowGroup(): Promise<void> {
    const pieces = await this.#encoder.encodeRowGroup();
    this.#rows += this.#pendingRows;
    this.#pendingRows = 0;
    this.#pendingSizeBytes = 0;
    for (const bytes of pieces) await this.#file.write(bytes);
  }
}
