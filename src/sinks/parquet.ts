import type { ByteWriter, ParquetWriter, SchemaElement } from 'hyparquet-writer';
import type { Disk } from '../disk.ts';
import type { ColumnSpec, Row, Value } from '../tables/column.ts';
import { OutputFile } from './output-file.ts';
import { loadParquetCodec } from './parquet-codec.ts';
import { parquetSchema } from './parquet-schema.ts';
import type { ParquetValue } from './parquet-value.ts';
import { estimatedSizeBytes, parquetConversion } from './parquet-value.ts';
import type { ParquetOptions } from './sink-options.ts';
import type { Sink, TableWriter, WrittenFile } from './sink.ts';

/** When a row group is full: with the row that reaches either. */
export interface RowGroupLimits {
  readonly rows: number;
  /** Estimated, uncompressed. */
  readonly sizeBytes: number;
}

/**
 * Query engines read best from groups of 100,000 rows and more, and a whole group waits in memory until it is written:
 * the bytes keep that bounded where messages are long.
 */
const defaultRowGroup: RowGroupLimits = { rows: 100_000, sizeBytes: 32 * 1024 * 1024 };

/**
 * Apache Parquet: native types, three-level lists, timestamps as INT64 milliseconds in UTC, smallest and largest values
 * by UTF-8 bytes, dictionaries where they halve a column, the metadata of `FileSchema` as key-value pairs.
 *
 * Cannot hold: lone surrogates (U+FFFD instead). Nothing else is lost.
 *
 * Equal rows give equal bytes; with `gzip` only under one build of Node's zlib.
 */
export function createParquetSink(
  { compression = 'zstd' }: ParquetOptions,
  disk: Disk,
  rowGroup: RowGroupLimits = defaultRowGroup,
): Sink {
  return {
    format: 'parquet',
    extension: 'parquet',
    async open(path, { columns, metadata }) {
      const [{ ByteWriter, ParquetWriter }, codec] = await Promise.all([
        import('hyparquet-writer'),
        loadParquetCodec(compression),
      ]);
      const bytes = new ByteWriter();
      const encoder = new ParquetWriter({
        writer: bytes,
        schema: encodingSchema(columns),
        kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
        ...codec,
      });
      return new ParquetTableWriter(await OutputFile.open(disk, path), bytes, encoder, columns, rowGroup);
    },
  };
}

/**
 * The schema to encode by. It has plain text where the file's schema has json, because the encoder would make JSON of
 * it once more.
 */
function encodingSchema(columns: readonly ColumnSpec[]): SchemaElement[] {
  return parquetSchema(columns).map((element) =>
    element.converted_type === 'JSON' ? { ...element, converted_type: 'UTF8' } : element,
  );
}

/** The values of a column that wait for their row group. */
interface PendingColumn {
  readonly name: string;
  readonly json: boolean;
  readonly convert: (value: Value | undefined) => ParquetValue;
  values: ParquetValue[];
}

class ParquetTableWriter implements TableWriter {
  readonly #file: OutputFile;
  /** Where the encoder puts its bytes; emptied into the file after each row group. */
  readonly #bytes: ByteWriter;
  readonly #encoder: ParquetWriter;
  readonly #schema: SchemaElement[];
  readonly #columns: readonly PendingColumn[];
  readonly #rowGroup: RowGroupLimits;
  #rows = 0;
  #pendingRows = 0;
  #pendingSizeBytes = 0;

  constructor(
    file: OutputFile,
    bytes: ByteWriter,
    encoder: ParquetWriter,
    columns: readonly ColumnSpec[],
    rowGroup: RowGroupLimits,
  ) {
    this.#file = file;
    this.#bytes = bytes;
    this.#encoder = encoder;
    this.#schema = parquetSchema(columns);
    this.#columns = columns.map((column) => ({
      name: column.name,
      json: column.type.kind === 'json',
      convert: parquetConversion(column),
      values: [],
    }));
    this.#rowGroup = rowGroup;
  }

  async write(rows: readonly Row[]): Promise<void> {
    for (const row of rows) {
      this.#add(row);
      if (this.#pendingRows >= this.#rowGroup.rows || this.#pendingSizeBytes >= this.#rowGroup.sizeBytes) {
        await this.#writeRowGroup();
      }
    }
  }

  async close(): Promise<WrittenFile> {
    try {
      if (this.#pendingRows > 0) await this.#writeRowGroup();
      this.#encoder.schema = this.#schema;
      await this.#encoder.finish();
      await this.#empty();
    } catch (error) {
      await this.abort();
      throw error;
    }
    return { rows: this.#rows, ...(await this.#file.close()) };
  }

  abort(): Promise<void> {
    return this.#file.abort();
  }

  #add(row: Row): void {
    for (const column of this.#columns) {
      const value = column.convert(row[column.name]);
      column.values.push(value);
      this.#pendingSizeBytes += estimatedSizeBytes(value);
    }
    this.#pendingRows += 1;
  }

  async #writeRowGroup(): Promise<void> {
    await this.#encoder.write({
      columnData: this.#columns.map(({ name, json, values }) => ({
        name,
        data: values,
        // The smallest and largest of json texts tell nothing, and would be kept whole.
        statistics: !json,
      })),
      rowGroupSize: this.#pendingRows,
    });
    for (const column of this.#columns) column.values = [];
    this.#rows += this.#pendingRows;
    this.#pendingRows = 0;
    this.#pendingSizeBytes = 0;
    await this.#empty();
  }

  async #empty(): Promise<void> {
    await this.#file.write(this.#bytes.getBytes());
    this.#bytes.index = 0;
  }
}
