import type { ColumnSpec, StructField, Value } from '../../../model/column.ts';
import { isRecord } from '../../../model/json/is-record.ts';
import { jsonText } from '../../json-text.ts';
import type { ParquetCodec } from '../parquet-codec.ts';
import {
  booleanConversion,
  type Convert,
  integerConversion,
  refuse,
  textConversion,
  timeConversion,
} from '../scalar-conversion.ts';
import { BooleanValues } from './boolean-values.ts';
import { DictionaryValues } from './dictionary-values.ts';
import type { LeafPlace } from '../leaf-places.ts';
import { LeafColumn } from './leaf-column.ts';
import { PlainIntegers, PlainTexts } from './plain-encoding.ts';
import { nullSizeBytes } from '../stored/stored-rows.ts';

/** A column of a table, taken apart into the leaves of its type (Dremel's levels). */
export interface ShreddedColumn {
  readonly leaves: readonly Leaf[];
  /** Whether there is nothing in the value: null where there may be, else the empty list. */
  readonly isEmpty: (value: Value | undefined) => boolean;
  /** Such a value in so many rows: one run in each leaf. */
  readonly addEmpty: (rows: number) => void;
  /** About how many bytes it takes uncompressed. */
  readonly emptySizeBytes: number;
  /** Any other value. Returns about how many bytes it takes. @throws TypeError when it is not of the column's type */
  readonly add: (value: Value | undefined) => number;
}

/** All that is asked of leaves of any type. */
type Leaf = Pick<LeafColumn<never>, 'addNull' | 'addNullRows' | 'copyRows' | 'writeChunk'>;

/** What a leaf does with a value of the row. */
interface LeafWriter {
  readonly leaf: Leaf;
  readonly add: (value: unknown, repeated: number) => number;
}

export function shreddedColumn(column: ColumnSpec, codec: ParquetCodec): ShreddedColumn {
  const { name, type, nullable } = column;
  const base = nullable ? 1 : 0;
  switch (type.kind) {
    case 'string':
    case 'timestamp':
    case 'int':
    case 'boolean':
      return scalarColumn(leafWriter([name], type.kind, base, 0, codec), nullable);
    case 'json':
      return jsonColumn(name, nullable, codec);
    case 'strings': {
      const leaf = leafWriter([name, 'list', 'element'], 'string', base + 1, 1, codec);
      return listColumn(name, nullable, [leaf.leaf], (element, repeated) => leaf.add(element, repeated));
    }
    case 'structs':
      return structsColumn(column.name, nullable, type.fields, codec);
  }
}

function scalarColumn({ leaf, add }: LeafWriter, nullable: boolean): ShreddedColumn {
  return shredded([leaf], nullable ? isNull : isNever, (value) => add(value, 0));
}

function jsonColumn(name: string, nullable: boolean, codec: ParquetCodec): ShreddedColumn {
  const place = { type: 'BYTE_ARRAY', path: [name], mostDefined: nullable ? 1 : 0, mostRepeated: 0 } as const;
  // The smallest and largest of json texts help nobody, and would be kept whole.
  const leaf = new LeafColumn(place, new DictionaryValues(new PlainTexts(false)), codec);
  return shredded([leaf], nullable ? isNull : isNever, (value) =>
    value === null || value === undefined ? refuse(name, 'json') : leaf.add(jsonText(value), 0),
  );
}

function listColumn(
  path: string,
  nullable: boolean,
  leaves: readonly Leaf[],
  addElement: (element: unknown, repeated: number) => number,
): ShreddedColumn {
  return shredded(leaves, nullable ? isNull : isEmptyList, (value) => {
    if (!Array.isArray(value)) return refuse(path, 'a list');
    if (value.length === 0) {
      for (const leaf of leaves) leaf.addNull(1, 0);
      return leaves.length * nullSizeBytes;
    }
    let sizeBytes = 0;
    let repeated = 0;
    for (const element of value) {
      sizeBytes += addElement(element, repeated);
      repeated = 1;
    }
    return sizeBytes;
  });
}

function shredded(
  leaves: readonly Leaf[],
  isEmpty: ShreddedColumn['isEmpty'],
  add: ShreddedColumn['add'],
): ShreddedColumn {
  return {
    leaves,
    isEmpty,
    add,
    addEmpty(rows) {
      for (const leaf of leaves) leaf.addNullRows(0, rows);
    },
    emptySizeBytes: leaves.length * nullSizeBytes,
  };
}

const isNull = (value: Value | undefined): boolean => value === null || value === undefined;
const isEmptyList = (value: Value | undefined): boolean => Array.isArray(value) && value.length === 0;
const isNever = (): boolean => false;

function structsColumn(
  name: string,
  nullable: boolean,
  fields: readonly StructField[],
  codec: ParquetCodec,
): ShreddedColumn {
  /** Level of an element of the list. */
  const element = nullable ? 2 : 1;
  const writers = fields.map((field) => {
    const path = [name, 'list', 'element', field.name];
    return field.kind === 'strings'
      ? { field: field.name, ...innerList(path, element, codec) }
      : { field: field.name, ...innerScalar(path, field.kind, element, codec) };
  });
  return listColumn(
    name,
    nullable,
    writers.map(({ leaf }) => leaf),
    (struct, repeated) => {
      if (!isRecord(struct)) return refuse(name, 'a struct');
      let sizeBytes = 0;
      for (const { field, add } of writers) sizeBytes += add(struct[field], repeated);
      return sizeBytes;
    },
  );
}

function innerScalar(
  path: readonly string[],
  kind: Exclude<StructField['kind'], 'strings'>,
  element: number,
  codec: ParquetCodec,
): LeafWriter {
  const { leaf, add } = leafWriter(path, kind, element + 1, 1, codec);
  return {
    leaf,
    add(value, repeated) {
      if (value !== null && value !== undefined) return add(value, repeated);
      leaf.addNull(element, repeated);
      return nullSizeBytes;
    },
  };
}

function innerList(path: readonly string[], element: number, codec: ParquetCodec): LeafWriter {
  const { leaf, add } = leafWriter([...path, 'list', 'element'], 'string', element + 1, 2, codec);
  return {
    leaf,
    add(value, repeated) {
      if (!Array.isArray(value)) return refuse(nameOf(path), 'a list');
      if (value.length === 0) {
        leaf.addNull(element, repeated);
        return nullSizeBytes;
      }
      let sizeBytes = 0;
      let innermost = repeated;
      for (const text of value) {
        sizeBytes += add(text, innermost);
        innermost = 2;
      }
      return sizeBytes;
    },
  };
}

function leafWriter(
  path: readonly string[],
  kind: Exclude<StructField['kind'], 'strings'>,
  mostDefined: number,
  mostRepeated: number,
  codec: ParquetCodec,
): LeafWriter {
  const name = nameOf(path);
  const place = { path, mostDefined, mostRepeated };
  switch (kind) {
    case 'string': {
      const leaf = new LeafColumn({ ...place, type: 'BYTE_ARRAY' }, new DictionaryValues(new PlainTexts(true)), codec);
      return converting(leaf, textConversion(name));
    }
    case 'timestamp':
      return converting(integerLeaf(place, codec), timeConversion(name));
    case 'int':
      return converting(integerLeaf(place, codec), integerConversion(name));
    case 'boolean':
      return converting(
        new LeafColumn({ ...place, type: 'BOOLEAN' }, new BooleanValues(), codec),
        booleanConversion(name),
      );
  }
}

function integerLeaf(place: Omit<LeafPlace, 'type' | 'repetitions'>, codec: ParquetCodec): LeafColumn<number> {
  return new LeafColumn({ ...place, type: 'INT64' }, new DictionaryValues(new PlainIntegers()), codec);
}

function converting<Written>(leaf: LeafColumn<Written>, convert: Convert<Written>): LeafWriter {
  return { leaf, add: (value, repeated) => leaf.add(convert(value), repeated) };
}

/** As errors name a leaf: without the levels of its lists. */
function nameOf(path: readonly string[]): string {
  return path.filter((_, index) => index === 0 || index === 3).join('.');
}
