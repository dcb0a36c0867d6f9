import type { SchemaElement } from 'hyparquet-writer';
import type { FieldDefinition, ParquetSchema, ParquetWriter } from 'parquetjs-lite';
import type { Value } from '../../model/column.ts';
import type { RowBatch } from '../../model/row-batch.ts';
import { loadParquetjsLite } from './load-parquetjs-lite.ts';
import type { ParquetEncoder } from './parquet-encoder.ts';
import { parquetSchema } from './parquet-schema.ts';
import type { ParquetValue } from './parquet-value.ts';
import { estimatedSizeBytes, parquetConversion } from './parquet-value.ts';
import type { FileSchema } from '../sink.ts';

/** The library has no zstd. */
type ParquetjsLiteCompression = 'snappy' | 'gzip' | 'none';

type Codec = NonNullable<FieldDefinition['compression']>;

const codecs: Readonly<Record<ParquetjsLiteCompression, Codec>> = {
  snappy: 'SNAPPY',
  gzip: 'GZIP',
  none: 'UNCOMPRESSED',
};

/**
 * Parquet by parquetjs-lite 0.8.7, kept away from what it does wrong:
 *
 * - Its bounds of texts follow UTF-16, not UTF-8, so that filters of readers miss rows: texts get none. Inside lists it
 *   counts empty ones as nulls: they get none either.
 * - Its second kind of data page counts values for rows, and its page index lacks required fields: neither is used, and
 *   a row group is one page per column.
 * - It takes text and fractions for dates and numbers, and unwraps lists of one: all values are converted and checked
 *   before, and lists are built in the three levels that the format asks for.
 * - It does not wait for all of its writes, so that a full disk would end the process: it writes into memory.
 *
 * What remains: no dictionaries, no logical types (DuckDB shows timestamps without their time zone), uncompressed sizes
 * in the footer that are the compressed ones.
 */
export async function openParquetjsLiteEncoder(
  { columns, metadata }: FileSchema,
  compression: ParquetjsLiteCompression,
): Promise<ParquetEncoder> {
  const library = await loadParquetjsLite();
  const pieces: Uint8Array[] = [];
  const elements = parquetSchema(columns).slice(1);
  const schema = new library.ParquetSchema(definitions(elements.values(), columns.length, codecs[compression], true));
  const output = {
    write(bytes: Uint8Array, done: () => void) {
      pieces.push(bytes);
      done();
    },
    end: (done: () => void) => done(),
  };
  const writer = await library.ParquetWriter.openStream(schema, output, {
    rowGroupSize: Infinity,
    pageSize: Infinity,
    useDataPageV2: false,
    pageIndex: false,
  });
  for (const [key, value] of Object.entries(metadata)) writer.setMetadata(key, value);
  const conversions = columns.map((column) => [column.name, parquetConversion(column)] as const);
  return new ParquetjsLiteEncoder(writer, schema, elements, pieces, conversions);
}

/** The next `count` fields of a schema listed depth first. */
function definitions(
  elements: Iterator<SchemaElement, undefined>,
  count: number,
  compression: Codec,
  top: boolean,
): Record<string, FieldDefinition> {
  const fields: Record<string, FieldDefinition> = {};
  for (let index = 0; index < count; index++) {
    const element = elements.next().value;
    if (element === undefined) throw new RangeError('A group of a Parquet schema has fewer fields than it says');
    const { name, type, converted_type: annotation, repetition_type: repetition, num_children: children } = element;
    const repeats = { optional: repetition === 'OPTIONAL', repeated: repetition === 'REPEATED' };
    if (children === undefined) {
      fields[name] = { ...repeats, type: physicalType(type), compression, statistics: top && type !== 'BYTE_ARRAY' };
    } else {
      const held = definitions(elements, children, compression, false);
      fields[name] = annotation === 'LIST' ? { ...repeats, type: 'LIST', fields: held } : { ...repeats, fields: held };
    }
  }
  return fields;
}

/** Timestamps are numbers, and json is text, until the footer: the library would convert and count them its own way. */
function physicalType(type: SchemaElement['type']): 'UTF8' | 'INT64' | 'BOOLEAN' {
  if (type === 'BYTE_ARRAY') return 'UTF8';
  if (type === 'INT64' || type === 'BOOLEAN') return type;
  throw new TypeError(`Cannot write Parquet type "${type ?? 'none'}" by parquetjs-lite`);
}

class ParquetjsLiteEncoder implements ParquetEncoder {
  readonly #writer: ParquetWriter;
  readonly #schema: ParquetSchema;
  readonly #elements: readonly SchemaElement[];
  /** Where the library puts its bytes. */
  readonly #pieces: Uint8Array[];
  readonly #conversions: readonly (readonly [string, (value: Value | undefined) => ParquetValue])[];
  #rows: Readonly<Record<string, unknown>>[] = [];

  constructor(
    writer: ParquetWriter,
    schema: ParquetSchema,
    elements: readonly SchemaElement[],
    pieces: Uint8Array[],
    conversions: readonly (readonly [string, (value: Value | undefined) => ParquetValue])[],
  ) {
    this.#writer = writer;
    this.#schema = schema;
    this.#elements = elements;
    this.#pieces = pieces;
    this.#conversions = conversions;
  }

  add(batch: RowBatch, at: number): number {
    const converted: Record<string, unknown> = {};
    let sizeBytes = 0;
    for (const [place, [name, convert]] of this.#conversions.entries()) {
      const value = convert(batch.value(place, at));
      converted[name] = shreddable(value);
      sizeBytes += estimatedSizeBytes(value);
    }
    this.#rows.push(converted);
    return sizeBytes;
  }

  async encodeRowGroup(): Promise<readonly Uint8Array[]> {
    const rows = this.#rows;
    this.#rows = [];
    this.#writer.setRowGroupSize(rows.length);
    try {
      for (const row of rows) await this.#writer.appendRow(row);
    } catch (error) {
      throw typeof error === 'string' ? new Error(`parquetjs-lite: ${error}`) : error;
    }
    return this.#pieces.splice(0);
  }

  async finish(): Promise<readonly Uint8Array[]> {
    this.#schema.fieldList.forEach((field, index) => {
      field.originalType = this.#elements[index]?.converted_type;
    });
    await this.#writer.close();
    return this.#pieces.splice(0);
  }
}

const emptyList = { list: [] };

/** A converted value as the library takes values apart: the levels of a list as fields. */
function shreddable(value: ParquetValue): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isValueList(value)) {
    return value.length === 0 ? emptyList : { list: value.map((element) => ({ element: shreddable(element) })) };
  }
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shreddable(part)]));
}

function isValueList(value: object): value is readonly ParquetValue[] {
  return Array.isArray(value);
}
