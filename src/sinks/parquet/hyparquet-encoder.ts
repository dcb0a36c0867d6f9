import type { ByteWriter, ParquetWriter, SchemaElement } from 'hyparquet-writer';
import type { ColumnSpec, Row, Value } from '../../model/column.ts';
import { mendEmptyParquet } from './empty-parquet.ts';
import { loadParquetCodec } from './parquet-codec.ts';
import type { ParquetCompression } from './parquet-codec.ts';
import type { ParquetEncoder } from './parquet-encoder.ts';
import { parquetSchema } from './parquet-schema.ts';
import type { ParquetValue } from './parquet-value.ts';
import { estimatedSizeBytes, parquetConversion } from './parquet-value.ts';
import type { FileSchema } from '../sink.ts';

/** Parquet by hyparquet-writer: dictionaries where they halve a column, bounds by UTF-8 bytes, pages of about 1 MB. */
export async function openHyparquetEncoder(
  { columns, metadata }: FileSchema,
  compression: ParquetCompression,
): Promise<ParquetEncoder> {
  const [library, codec] = await Promise.all([import('hyparquet-writer'), loadParquetCodec(compression)]);
  const bytes = new library.ByteWriter();
  const writer = new library.ParquetWriter({
    writer: bytes,
    schema: encodingSchema(columns),
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    ...codec,
  });
  return new HyparquetEncoder(bytes, writer, columns);
}

/**
 * The schema to encode by. It has plain text where the file's schema has json, because the library would make JSON of
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

class HyparquetEncoder implements ParquetEncoder {
  /** Where the library puts its bytes; emptied after each row group. */
  readonly #bytes: ByteWriter;
  readonly #writer: ParquetWriter;
  readonly #schema: SchemaElement[];
  readonly #columns: readonly PendingColumn[];
  #rows = 0;
  #hasRows = false;

  constructor(bytes: ByteWriter, writer: ParquetWriter, columns: readonly ColumnSpec[]) {
    this.#bytes = bytes;
    this.#writer = writer;
    this.#schema = parquetSchema(columns);
    this.#columns = columns.map((column) => ({
      name: column.name,
      json: column.type.kind === 'json',
      convert: parquetConversion(column),
      values: [],
    }));
  }

  add(row: Row): number {
    let sizeBytes = 0;
    for (const column of this.#columns) {
      const value = column.convert(row[column.name]);
      column.values.push(value);
      sizeBytes += estimatedSizeBytes(value);
    }
    this.#rows += 1;
    return sizeBytes;
  }

  async encodeRowGroup(): Promise<Uint8Array> {
    await this.#writer.write({
      columnData: this.#columns.map(({ name, json, values }) => ({
        name,
        data: values,
        // The smallest and largest of json texts help nobody, and would be kept whole.
        statistics: !json,
      })),
      rowGroupSize: this.#rows,
    });
    for (const column of this.#columns) column.values = [];
    this.#rows = 0;
    this.#hasRows = true;
    return this.#takeBytes();
  }

  async finish(): Promise<Uint8Array> {
    this.#writer.schema = this.#schema;
    await this.#writer.finish();
    const bytes = this.#takeBytes();
    if (!this.#hasRows) mendEmptyParquet(bytes);
    return bytes;
  }

  #takeBytes(): Uint8Array {
    const bytes = this.#bytes.getBytes();
    this.#bytes.index = 0;
    return bytes;
  }
}
