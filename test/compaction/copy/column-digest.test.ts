import { describe, expect, it } from '@jest/globals';
import { ColumnDigest } from '../../../src/compaction/copy/column-digest.ts';
import type { ColumnSpec, Row } from '../../../src/model/column.ts';
import { readStoredRows } from '../../../src/readers/parquet/read-stored-rows.ts';
import { createParquetSink } from '../../../src/sinks/parquet/parquet.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';

const columns: readonly ColumnSpec[] = [
  { name: 'id', type: { kind: 'int' }, nullable: true },
  { name: 'text', type: { kind: 'string' }, nullable: true },
  { name: 'shown', type: { kind: 'boolean' }, nullable: true },
  { name: 'tags', type: { kind: 'strings' }, nullable: true },
];
const rows: readonly Row[] = Array.from({ length: 60 }, (_, index) => ({
  id: index * 2 ** 40,
  text: `text ${index % 9}`,
  shown: index % 3 === 0,
  tags: index % 4 === 0 ? ['a', 'b'] : [],
}));

describe('ColumnDigest', () => {
  const pathOf = temporaryFolder();

  async function digestOf(some: readonly Row[], rowsPerGroup = 1000, isWanted?: (id: unknown) => boolean) {
    const sink = createParquetSink({ format: 'parquet' }, nodeDisk, { rows: rowsPerGroup, sizeBytes: Infinity });
    const writer = await sink.open(pathOf('x'), { table: 'messages', metadata: {}, columns });
    await writer.write(some);
    await writer.close();
    const digest = new ColumnDigest();
    for await (const group of (await readStoredRows(nodeDisk, pathOf('x'), columns)) ?? []) {
      if (isWanted !== undefined) group.keepWhere(['id'], ({ id }) => isWanted(id));
      digest.add(group, group.rows);
    }
    return [digest.rows, digest.end()];
  }
  const changed = (at: number, change: Row): readonly Row[] =>
    rows.map((row, index) => (index === at ? { ...row, ...change } : row));

  it('is the same however the rows lie in row groups, dictionaries and among rows that are left out', async () => {
    const expected = await digestOf(rows);
    expect(expected).toEqual([60, expect.stringMatching(/^[0-9a-f]{64}$/)]);
    for (const rowsPerGroup of [1, 7, 59]) expect(await digestOf(rows, rowsPerGroup)).toEqual(expected);
    const more = rows.flatMap((row) => [row, { ...row, id: -1, tags: ['left out'] }]);
    expect(await digestOf(more, 13, (id) => id !== -1)).toEqual(expected);
  });

  it.each<[string, readonly Row[]]>([
    ['an integer', changed(7, { id: 7 * 2 ** 40 + 1 })],
    ['the upper half of an integer', changed(7, { id: 8 * 2 ** 40 })],
    ['a text', changed(7, { text: 'text 8' })],
    ['a text that becomes null', changed(7, { text: null })],
    ['a boolean', changed(7, { shown: true })],
    ['a list that becomes null', changed(7, { tags: null })],
    ['an element more', changed(8, { tags: ['a', 'b', 'b'] })],
    ['two elements that become one', changed(8, { tags: ['ab'] })],
    [
      'an element that moves to the row before',
      changed(8, { tags: ['b'] }).map((row, at) => (at === 7 ? { ...row, tags: ['a'] } : row)),
    ],
    ['two rows that change places', [...rows.slice(0, 20), ...rows.slice(20, 22).toReversed(), ...rows.slice(22)]],
    ['the last row that is missing', rows.slice(0, -1)],
  ])('shows %s', async (_, others) => {
    expect(await digestOf(others)).not.toEqual(await digestOf(rows));
  });
});
