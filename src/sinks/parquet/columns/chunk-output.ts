import type { Encoding, OffsetIndex } from 'hyparquet';
import type { ByteWriter } from 'hyparquet-writer';
import type { writePageHeader } from 'hyparquet-writer/src/datapage.js';

export type PageIndex = OffsetIndex;

/** A page of levels and values. */
interface DataPage {
  readonly levels: readonly [repetition: Uint8Array, definition: Uint8Array];
  /** Compressed. */
  readonly content: Uint8Array;
  readonly contentSizeBytes: number;
  readonly encoding: Encoding;
  readonly entries: number;
  readonly nulls: number;
  readonly rows: number;
}

/** Pages in the order of the file, each behind the header that hyparquet-writer makes of what is said of it. */
export class ChunkOutput {
  readonly #headers: ByteWriter;
  readonly #writeHeader: typeof writePageHeader;
  #pieces: Uint8Array[] = [];

  /** @param headers the writer that counts the bytes of the file */
  constructor(headers: ByteWriter, writeHeader: typeof writePageHeader) {
    this.#headers = headers;
    this.#writeHeader = writeHeader;
  }

  /** In the file. */
  get offset(): number {
    return this.#headers.offset;
  }

  /** @returns bytes of the page, uncompressed */
  dictionaryPage(content: Uint8Array, contentSizeBytes: number, values: number): number {
    const headerSizeBytes = this.#header({
      type: 'DICTIONARY_PAGE',
      uncompressed_page_size: contentSizeBytes,
      compressed_page_size: content.length,
      dictionary_page_header: { num_values: values, encoding: 'PLAIN' },
    });
    this.#append(content);
    return headerSizeBytes + contentSizeBytes;
  }

  /** @returns bytes of the page, uncompressed */
  dataPage({ levels, content, contentSizeBytes, encoding, entries, nulls, rows }: DataPage): number {
    const [repetition, definition] = levels;
    const levelsSizeBytes = repetition.length + definition.length;
    const headerSizeBytes = this.#header({
      type: 'DATA_PAGE_V2',
      uncompressed_page_size: levelsSizeBytes + contentSizeBytes,
      compressed_page_size: levelsSizeBytes + content.length,
      data_page_header_v2: {
        num_values: entries,
        num_nulls: nulls,
        num_rows: rows,
        encoding,
        definition_levels_byte_length: definition.length,
        repetition_levels_byte_length: repetition.length,
        is_compressed: true,
      },
    });
    this.#append(repetition);
    this.#append(definition);
    this.#append(content);
    return headerSizeBytes + levelsSizeBytes + contentSizeBytes;
  }

  /** All that was written since the last call. */
  take(): readonly Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  #header(header: Parameters<typeof writePageHeader>[1]): number {
    this.#headers.index = 0;
    this.#writeHeader(this.#headers, header);
    const bytes = this.#headers.getBytes();
    this.#pieces.push(Uint8Array.from(bytes));
    this.#headers.index = 0;
    return bytes.length;
  }

  #append(bytes: Uint8Array): void {
    this.#headers.offset += bytes.length;
    this.#pieces.push(bytes);
  }
}
