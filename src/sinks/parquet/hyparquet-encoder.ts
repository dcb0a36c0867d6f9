import type { ColumnChunk } from 'hyparquet';
import type { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Value } from '../../model/column.ts';
import type { RowBatch, RowKind } from '../../model/row-batch.ts';
import { ChunkOutput } from './columns/chunk-output.ts';
import { shreddedColumn, type ShreddedColumn } from './columns/shred.ts';
import { mendEmptyParquet } from './empty-parquet.ts';
import { loadParquetCodec } from './parquet-codec.ts';
import type { ParquetCompression } from './parquet-codec.ts';
import type { ParquetEncoder } from './parquet-encoder.ts';
import { parquetSchema } from './parquet-schema.ts';
import type { FileSchema } from '../sink.ts';
import type { StoredRows } from './stored/stored-rows.ts';

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
  const shredded = columns.map((column) => ({ column: shreddedColumn(column, codec), rows: 0 }));
  return new HyparquetEncoder(bytes, writer, new ChunkOutput(bytes, writePageHeader), shredded);
}

interface FilledColumn {
  readonly column: ShreddedColumn;
  /** Rows of the group that it has been told of: behind the last one with anything in it, nothing is in it. */
  rows: number;
}

/** What there is to be done for a row of a kind. */
interface KindOfColumns {
  readonly varying: readonly { readonly place: number; readonly filled: FilledColumn }[];
  readonly constant: readonly { readonly value: Value; readonly filled: FilledColumn }[];
  /** Of the columns that have nothing in them. */
  readonly emptySizeBytes: number;
}

class HyparquetEncoder implements ParquetEncoder {
  /** Where the library puts its bytes, and counts those of the whole file. */
  readonly #bytes: ByteWriter;
  readonly #writer: ParquetWriter;
  readonly #output: ChunkOutput;
  readonly #columns: readonly FilledColumn[];
  readonly #kinds = new WeakMap<RowKind, KindOfColumns>();
  /** The file's first bytes, until they are handed on. */
  #head: readonly Uint8Array[];
  #rows = 0;

  constructor(bytes: ByteWriter, writer: ParquetWriter, output: ChunkOutput, columns: readonly FilledColumn[]) {
    this.#bytes = bytes;
    this.#writer = writer;
    this.#output = output;
    this.#columns = columns;
    this.#head = [Uint8Array.from(bytes.getBytes())];
    bytes.index = 0;
  }

  add(batch: RowBatch, at: number): number {
    const kind = batch.kind(at);
    const { varying, constant, emptySizeBytes } = this.#kinds.get(kind) ?? this.#learn(kind);
    let sizeBytes = emptySizeBytes;
    for (const { place, filled } of varying) sizeBytes += this.#note(filled, batch.value(place, at));
    for (const { value, filled } of constant) sizeBytes += this.#note(filled, value);
    this.#rows += 1;
    return sizeBytes;
  }

  copy(rows: StoredRows, toRow: number): void {
    let next = 0;
    for (const filled of this.#columns) {
      this.#catchUp(filled);
      for (const leaf of filled.column.leaves) {
        const from = rows.leaves[next];
        if (from === undefined) throw new RangeError('Cannot copy rows that have fewer columns than the file');
        leaf.copyRows(from, toRow, rows.kept);
        next += 1;
      }
    }
    for (; rows.at < toRow; rows.at += 1) if (rows.isKept(rows.at)) this.#rows += 1;
    for (const filled of this.#columns) filled.rows = this.#rows;
  }

  encodeRowGroup(): Promise<readonly Uint8Array[]> {
    const start = this.#output.offset;
    const columns: ColumnChunk[] = [];
    for (const filled of this.#columns) {
      this.#catchUp(filled);
      filled.rows = 0;
      for (const leaf of filled.column.leaves) {
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

  #note(filled: FilledColumn, value: Value): number {
    const { column } = filled;
    if (column.isEmpty(value)) return column.emptySizeBytes;
    this.#catchUp(filled);
    filled.rows += 1;
    return column.add(value);
  }

  /** The rows since the last one with anything in the column. */
  #catchUp(filled: FilledColumn): void {
    if (filled.rows < this.#rows) filled.column.addEmpty(this.#rows - filled.rows);
    filled.rows = this.#rows;
  }

  #learn(kind: RowKind): KindOfColumns {
    const varying: { place: number; filled: FilledColumn }[] = [];
    const constant: { value: Value; filled: FilledColumn }[] = [];
    let emptySizeBytes = 0;
    for (const [place, filled] of this.#columns.entries()) {
      const value = kind.constants[place];
      if (value === undefined) varying.push({ place, filled });
      else if (filled.column.isEmpty(value)) emptySizeBytes += filled.column.emptySizeBytes;
      else constant.push({ value, filled });
    }
    const learned = { varying, constant, emptySizeBytes };
    this.#kinds.set(kind, learned);
    return learned;
  }

  #takeHead(): readonly Uint8Array[] {
    const head = this.#head;
    this.#head = [];
    return head;
  }
}
