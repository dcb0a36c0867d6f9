import type { ColumnMetaData, Compressors, PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import type { LeafPlace } from '../../sinks/parquet/leaf-places.ts';
import type { LeafChunk, Levels } from '../../sinks/parquet/stored/leaf-chunk.ts';
import { FormatError } from '../format-error.ts';
import { LeafValues } from './leaf-values.ts';
import { type Reader, readerOf } from './reader-of.ts';

/** What is needed to take the pages of a leaf apart. */
interface LeafSource {
  readonly place: LeafPlace;
  readonly chunk: ColumnMetaData;
  readonly compressors: Compressors;
}

/**
 * Reads one leaf of a row group as it lies there: levels, and values in their own bytes. Knows the encodings that this
 * program writes, by either engine and in earlier versions.
 *
 * @param bytes of the column chunk
 * @throws FormatError for any other encoding; Error for what is damaged
 */
export function readLeaf(bytes: Uint8Array<ArrayBuffer>, source: LeafSource): LeafChunk {
  const { mostDefined, mostRepeated, type } = source.place;
  const entries = Number(source.chunk.num_values);
  const definition = new Uint8Array(mostDefined === 0 ? 0 : entries);
  const repetition = new Uint8Array(mostRepeated === 0 ? 0 : entries);
  const values = new LeafValues(type, entries);
  const reader = readerOf(bytes);
  for (let entry = 0; entry < entries;) {
    const header = parquetHeader(reader);
    const page = bytes.subarray(reader.offset, reader.offset + header.compressed_page_size);
    reader.offset += header.compressed_page_size;
    if (header.dictionary_page_header !== undefined) {
      values.setDictionary(decompressed(page, header, source), header.dictionary_page_header.num_values);
      continue;
    }
    const to = entry + entriesOf(header);
    const defined = definition.subarray(entry, to);
    const { content, encoding } = dataOf(page, header, source, repetition.subarray(entry, to), defined);
    const present = mostDefined === 0 ? to - entry : countOf(defined, mostDefined);
    values.addPage(content, encoding, present, header.data_page_header_v2 !== undefined);
    entry = to;
  }
  return {
    entries,
    mostDefined,
    definition: mostDefined === 0 ? 0 : uniform(definition),
    repetition: mostRepeated === 0 ? 0 : uniform(repetition),
    values: values.stored(),
  };
}

function entriesOf({ data_page_header: first, data_page_header_v2: second }: PageHeader): number {
  const entries = (second ?? first)?.num_values ?? 0;
  if (entries > 0) return entries;
  throw new FormatError('it has a page without values');
}

/** Fills in the levels of a data page. */
function dataOf(
  page: Uint8Array,
  header: PageHeader,
  source: LeafSource,
  repetition: Uint8Array,
  definition: Uint8Array,
): { readonly content: Uint8Array; readonly encoding: string } {
  const { mostDefined, mostRepeated } = source.place;
  const second = header.data_page_header_v2;
  if (second !== undefined) {
    const { repetition_levels_byte_length: repeatedBytes, definition_levels_byte_length: definedBytes } = second;
    const levels = readerOf(page);
    if (mostRepeated > 0) readLevels(levels, mostRepeated, repetition, repeatedBytes);
    levels.offset = repeatedBytes;
    if (mostDefined > 0) readLevels(levels, mostDefined, definition, definedBytes);
    const content = page.subarray(repeatedBytes + definedBytes);
    if (second.is_compressed === false) return { content, encoding: second.encoding };
    const sizeBytes = header.uncompressed_page_size - repeatedBytes - definedBytes;
    const { codec } = source.chunk;
    return { content: decompressPage(content, sizeBytes, codec, source.compressors), encoding: second.encoding };
  }
  const whole = decompressed(page, header, source);
  const levels = readerOf(whole);
  if (mostRepeated > 0) readLevels(levels, mostRepeated, repetition);
  if (mostDefined > 0) readLevels(levels, mostDefined, definition);
  return { content: whole.subarray(levels.offset), encoding: header.data_page_header?.encoding ?? 'PLAIN' };
}

function decompressed(page: Uint8Array, header: PageHeader, { chunk, compressors }: LeafSource): Uint8Array {
  return decompressPage(page, header.uncompressed_page_size, chunk.codec, compressors);
}

/** @param sizeBytes undefined: they stand before the levels */
function readLevels(reader: Reader, most: number, output: Uint8Array, sizeBytes?: number): void {
  readRleBitPackedHybrid(reader, 32 - Math.clz32(most), output, sizeBytes);
}

function countOf(levels: Uint8Array, wanted: number): number {
  let count = 0;
  for (const level of levels) if (level === wanted) count += 1;
  return count;
}

/** Most leaves have one level in all of their entries, or nearly all rows. */
function uniform(levels: Uint8Array): Levels {
  const first = levels[0] ?? 0;
  return levels.every((level) => level === first) ? first : levels;
}
