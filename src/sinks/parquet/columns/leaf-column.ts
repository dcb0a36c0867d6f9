import type { ColumnChunk, Encoding } from 'hyparquet';
import type { LeafPlace } from '../leaf-places.ts';
import type { ParquetCodec } from '../parquet-codec.ts';
import type { ChunkOutput, PageIndex } from './chunk-output.ts';
import type { ColumnValues } from './column-values.ts';
import { levelAt, type StoredValues } from '../stored/leaf-chunk.ts';
import type { LeafCursor } from '../stored/stored-rows.ts';
import { bitWidth, HybridEncoder } from './hybrid-encoder.ts';

/** A page ends with the row that brings its values to so many bytes. */
const pageSizeBytes = 1 << 20;

/** Where the leaf stands in the schema. */
type Place = Omit<LeafPlace, 'repetitions'>;

/** A page that is whole, and compressed. */
interface Page {
  readonly levels: readonly [repetition: Uint8Array, definition: Uint8Array];
  readonly content: Uint8Array;
  readonly contentSizeBytes: number;
  readonly entries: number;
  readonly nulls: number;
  readonly rows: number;
}

/**
 * The column of one leaf of the schema: levels and values go in one by one, pages come out compressed as soon as they are
 * full, and end on rows.
 */
export class LeafColumn<Value> {
  readonly place: Place;
  readonly #values: ColumnValues<Value>;
  readonly #codec: ParquetCodec;
  readonly #definition: HybridEncoder;
  readonly #repetition: HybridEncoder;
  #pages: Page[] = [];
  /** Of the page that is being filled. */
  #entries = 0;
  #nulls = 0;
  #rows = 0;

  constructor(place: Place, values: ColumnValues<Value>, codec: ParquetCodec) {
    this.place = place;
    this.#values = values;
    this.#codec = codec;
    this.#definition = new HybridEncoder(bitWidth(place.mostDefined));
    this.#repetition = new HybridEncoder(bitWidth(place.mostRepeated));
  }

  /** @param repeated 0 for the first value of a row, else the innermost list that goes on. Returns bytes, uncompressed. */
  add(value: Value, repeated: number): number {
    this.#beginValue(repeated);
    return this.#values.add(value);
  }

  /** @param defined how far down something is there */
  addNull(defined: number, repeated: number): void {
    if (repeated === 0) this.#beginRow();
    this.#entries += 1;
    this.#nulls += 1;
    this.#definition.add(defined);
    if (this.place.mostRepeated > 0) this.#repetition.add(repeated);
  }

  /** So many rows without a value. */
  addNullRows(defined: number, rows: number): void {
    this.#beginRow();
    this.#rows += rows - 1;
    this.#entries += rows;
    this.#nulls += rows;
    this.#definition.addRun(defined, rows);
    if (this.place.mostRepeated > 0) this.#repetition.addRun(0, rows);
  }

  /** Copies the rows of a file from where the cursor is. @param kept 1 for each that is to be copied; undefined: all */
  copyRows(from: LeafCursor, toRow: number, kept: Uint8Array | undefined): void {
    const { entries, mostDefined, definition, repetition, values } = from.chunk;
    while (from.row < toRow) {
      const isKept = kept === undefined || kept[from.row] === 1;
      let repeated = 0;
      do {
        const defined = levelAt(definition, from.entry);
        if (defined === mostDefined) {
          if (isKept) this.#addStored(values, from.value, repeated);
          from.value += 1;
        } else if (isKept) {
          this.addNull(defined, repeated);
        }
        from.entry += 1;
        repeated = from.entry < entries ? levelAt(repetition, from.entry) : 0;
      } while (repeated > 0);
      from.row += 1;
    }
  }

  /** Ends the row group. */
  writeChunk(output: ChunkOutput): { readonly chunk: ColumnChunk; readonly offsetIndex?: PageIndex } {
    this.#values.settle();
    this.#endPage();
    const start = output.offset;
    const dictionary = this.#values.dictionary();
    let uncompressedSizeBytes = 0;
    if (dictionary !== undefined) {
      const { content, values } = dictionary;
      uncompressedSizeBytes += output.dictionaryPage(this.#codec.compress(content), content.length, values);
    }
    const pagesStart = output.offset;
    const { encoding } = this.#values;
    const pages = this.#pages;
    const locations: PageIndex['page_locations'] = [];
    let rows = 0;
    for (const page of pages) {
      const offset = output.offset;
      uncompressedSizeBytes += output.dataPage({ ...page, encoding });
      locations.push({
        offset: BigInt(offset),
        compressed_page_size: output.offset - offset,
        first_row_index: BigInt(rows),
      });
      rows += page.rows;
    }
    this.#pages = [];
    const nulls = pages.reduce((sum, page) => sum + page.nulls, 0);
    const chunk: ColumnChunk = {
      file_offset: BigInt(start),
      meta_data: {
        type: this.place.type,
        encodings: dictionary === undefined ? [encoding] : ['PLAIN', encoding],
        path_in_schema: [...this.place.path],
        codec: this.#codec.codec,
        num_values: BigInt(pages.reduce((sum, page) => sum + page.entries, 0)),
        total_compressed_size: BigInt(output.offset - start),
        total_uncompressed_size: BigInt(uncompressedSizeBytes),
        data_page_offset: BigInt(pagesStart),
        ...(dictionary !== undefined && { dictionary_page_offset: BigInt(start) }),
        statistics: { ...this.#values.takeBounds(), null_count: BigInt(nulls) },
        encoding_stats: encodingStats(dictionary !== undefined, encoding, pages.length),
      },
    };
    return pages.length > 1 ? { chunk, offsetIndex: { page_locations: locations } } : { chunk };
  }

  #addStored(stored: StoredValues, at: number, repeated: number): void {
    this.#beginValue(repeated);
    this.#values.addStored(stored, at);
  }

  #beginValue(repeated: number): void {
    if (repeated === 0) this.#beginRow();
    this.#entries += 1;
    const { mostDefined, mostRepeated } = this.place;
    if (mostDefined > 0) this.#definition.add(mostDefined);
    if (mostRepeated > 0) this.#repetition.add(repeated);
  }

  #beginRow(): void {
    if (this.#values.pageSizeBytes >= pageSizeBytes) this.#endPage();
    this.#rows += 1;
  }

  #endPage(): void {
    const content = this.#values.takePage();
    this.#pages.push({
      levels: [Uint8Array.from(this.#repetition.finish()), Uint8Array.from(this.#definition.finish())],
      content: this.#codec.compress(content),
      contentSizeBytes: content.length,
      entries: this.#entries,
      nulls: this.#nulls,
      rows: this.#rows,
    });
    this.#entries = this.#nulls = this.#rows = 0;
  }
}

type EncodingStats = NonNullable<NonNullable<ColumnChunk['meta_data']>['encoding_stats']>;

function encodingStats(hasDictionary: boolean, encoding: Encoding, pages: number): EncodingStats {
  return [
    ...(hasDictionary ? [{ page_type: 'DICTIONARY_PAGE' as const, encoding: 'PLAIN' as const, count: 1 }] : []),
    { page_type: 'DATA_PAGE_V2', encoding, count: pages },
  ];
}
