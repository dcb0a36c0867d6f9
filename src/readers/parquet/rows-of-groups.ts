import type { ColumnSpec, Row, StructField, Value } from '../../model/column.ts';
import { leafPlaces } from '../../sinks/parquet/leaf-places.ts';
import { parquetSchema } from '../../sinks/parquet/parquet-schema.ts';
import type { StoredRows } from '../../sinks/parquet/stored/stored-rows.ts';
import { inRow, rowOfCells } from '../row-of-cells.ts';
import { valueReader } from '../read-value.ts';
import { jsonOf } from './read-parquet.ts';
import { LeafCells } from './leaf-cells.ts';

/** As objects they take many times what they take in the file. */
const batchRows = 1000;

/**
 * Makes the rows of row groups that are kept, a few at a time: what a group takes in memory is what it takes in the file
 * uncompressed, however many lists and nulls its rows have.
 *
 * @param columns those that the groups were read with
 * @throws FormatError for a value that is not of its column's type
 */
export async function* rowsOfGroups(
  groups: AsyncIterable<StoredRows>,
  columns: readonly ColumnSpec[],
): AsyncGenerator<readonly Row[]> {
  let before = 0;
  for await (const group of groups) {
    const cells = columnCells(group, columns);
    const toRow = rowOfCells(
      columns,
      cells.map(({ read }) => read),
    );
    let batch: Row[] = [];
    for (let row = 0; row < group.rows; row += 1) {
      if (!group.isKept(row)) {
        for (const { leaves } of cells) for (const leaf of leaves) leaf.skip();
        continue;
      }
      batch.push(inRow(before + row + 1, () => toRow(undefined)));
      if (batch.length < batchRows) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
    before += group.rows;
  }
}

/** A column of a group, read from its first row to its last. */
interface ColumnCells {
  readonly leaves: readonly LeafCells[];
  readonly read: () => Value;
}

function columnCells(group: StoredRows, columns: readonly ColumnSpec[]): readonly ColumnCells[] {
  let at = 0;
  return columns.map((column): ColumnCells => {
    const places = leafPlaces(parquetSchema([column]));
    const leaves = places.map((place, index) => {
      const cursor = group.leaves[at + index];
      if (cursor === undefined) throw new RangeError(`A row group lacks a leaf of the column "${column.name}"`);
      return new LeafCells(cursor.chunk, place, kindOf(column, index) === 'timestamp');
    });
    at += places.length;
    const value = valueReader<unknown>(column, jsonOf);
    const [first] = leaves;
    if (column.type.kind === 'structs') {
      const { fields } = column.type;
      return { leaves, read: () => value(structsOf(fields, leaves)) };
    }
    if (first === undefined) throw new RangeError(`The column "${column.name}" has no leaf`);
    return { leaves, read: () => value(first.next()) };
  });
}

function kindOf({ type }: ColumnSpec, leaf: number): StructField['kind'] | 'json' | undefined {
  switch (type.kind) {
    case 'structs':
      return type.fields[leaf]?.kind;
    case 'strings':
      return 'string';
    case 'string':
    case 'timestamp':
    case 'int':
    case 'boolean':
    case 'json':
      return type.kind;
  }
}

/** Each leaf has one field of all elements. */
function structsOf(fields: readonly StructField[], leaves: readonly LeafCells[]): unknown {
  const lists = leaves.map((leaf) => leaf.next());
  const [first] = lists;
  if (!Array.isArray(first) || first.length === 0) return first;
  return first.map((_, element) =>
    Object.fromEntries(
      fields.map(({ name }, field): [string, unknown] => {
        const list = lists[field];
        return [name, Array.isArray(list) ? list[element] : undefined];
      }),
    ),
  );
}
