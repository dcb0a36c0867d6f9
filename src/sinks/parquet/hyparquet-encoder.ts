import type { ColumnChunk } from 'hyparquet';
import type { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Row } from '../../model/column.ts';
import { ChunkOutput } from './columns/chunk-output.ts';
import { shreddedColumn, type ShreddedColumn } from './columns/shred.ts';
import { mendEmptyParquet } from './empty-parquet.ts';
import { loadParquetCodec } from './parquet-codec.ts';
import type { ParquetCompression } from './parquet-codec.ts';
import type { ParquetEncoder } from './parquet-encoder.ts';
import { parquetSchema } from './parquet-schema.ts';
import type { FileSchema } from '../sink.ts';

/**
 * Parquet whose columns are filled value by value, so that a row waits as few bytes of some pages and never as objects;
 * what describes the pages, headers, footer and index, is written by hyparquet-writer. Dictionaries where they pay,
 * bounds by UTF-8 bytes, pages of about 1 MB.
 */
export async function openHyparquetEncoder(
  { columns, metadata }: FileSchema,
  compression: ParquetCompression,
): Promise<ParquetEncoder> {
  const library = await import('hyparquet-writer');
  const { writePageHeader } = await import('hyparquet-writer/src/datapage.js');
  const codec = await loadParquetCodec(compression);
  const bytes = new library.ByteWriter();
  const writer = new library.ParquetWriter({
    writer: bytes,
    schema: parquetSchema(columns),
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  const shredded = columns.map((column) => [column.name, shreddedColumn(column, codec)] as const);
  return new HyparquetEncoder(bytes, writer, new ChunkOutput(bytes, writePageHeader), shredded);
}

class HyparquetEncoder implements ParquetEncoder {
  /** Where the library puts its bytes, and counts those of the whole file. */
  readonly #bytes: ByteWriter;
  readonly #writer: ParquetWriter;
  readonly #output: ChunkOutput;
  readonly #columns: readonly (readonly [name: string, column: ShreddedColumn])[];
  /** The file's first bytes, until they are handed on. */
  #head: readonly Uint8Array[];
  #rows = 0;

  constructor(
    bytes: ByteWriter,
    writer: ParquetWriter,
    output: ChunkOutput,
    columns: readonly (readonly [name: string, column: ShreddedColumn])[],
  ) {
    this.#bytes = bytes;
    this.#writer = writer;
    this.#output = output;
    this.#columns = columns;
    this.#head = [Uint8Array.from(bytes.getBytes())];
    bytes.index = 0;
  }

  add(row: Row): number {
    let sizeBytes = 0;
    for (const [name, column] of this.#columns) sizeBytes += column.add(row[name]);
    this.#rows += 1;
    return sizeBytes;
  }

  encodeRowGroup(): Promise<readonly Uint8Array[]> {
    const start = this.#output.offset;
    const columns: ColumnChunk[] = [];
    for (const [, column] of this.#columns) {
      column.flush();
      for (const leaf of column.leaves) {
        const written = leaf.writeChunk(this.#output);
        columns.push(written.chunk);
        this.#writer.pendingIndexes.push(written);
      }
    }
    const rows = BigInt(this.#rows);
    this.#rows = 0;
    this.#writer.num_rows += rows;
    this.#writer.row_groups.push({
      columns,
      num_rows: rows,
      total_byte_size: columns.reduce((sum, { meta_data: chunk }) => sum + (chunk?.total_uncompressed_size ?? 0n), 0n),
      total_compressed_size: BigInt(this.#output.offset - start),
    });
    return Promise.resolve([...this.#takeHead(), ...this.#output.take()]);
  }

  async finish(): Promise<readonly Uint8Array[]> {
    await this.#writer.finish();
    const footer = this.#bytes.getBytes();
    if (this.#writer.row_groups.length === 0) mendEmptyParquet(footer);
    return [...this.#takeHead(), footer];
  }

  #takeHead(): readonly Uint8Array[] {
    const head = this.#head;
    this.#head = [];
    return head;
  }
}
