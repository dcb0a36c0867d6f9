import { describe, expect, it } from '@jest/globals';
import { tableNames } from '../../src/model/table-name.ts';
import { storedColumns } from '../../src/tables/stored-columns.ts';
import { listTables, messageTables } from '../../src/tables/tables.ts';

const names = [...new Set([...storedColumns.values()].flatMap((columns) => columns.map(({ name }) => name)))];

function columnsWithout(without: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const tables = { ...messageTables({ md: true, without }), ...listTables(without) };
  return new Map(Object.entries(tables).map(([table, { columns }]) => [table, columns.map(({ name }) => name)]));
}

describe('dropColumns', () => {
  it.each(names)('takes %s out of every table that has it, and nothing else', (column) => {
    const whole = columnsWithout(new Set());
    expect([...whole.keys()].sort()).toEqual(tableNames.toSorted());
    const expected = [...whole].map(([table, columns]) => [table, columns.filter((name) => name !== column)]);
    expect([...columnsWithout(new Set([column]))]).toEqual(expected);
    expect([...whole.values()].flat()).toContain(column);
  });
});
