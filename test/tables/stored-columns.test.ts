import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { isSinceVersion2, storedColumns } from '../../src/tables/stored-columns.ts';

function columnsOf(version: number): Readonly<Record<string, readonly string[]>> {
  const file = new URL(`../fixtures/schema-v${version}.json`, import.meta.url);
  const tables = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string[]>;
  return Object.fromEntries(
    Object.entries(tables).map(([table, lines]) => [table, lines.map((line) => line.split(' ')[0] ?? '')]),
  );
}

it('knows which columns version 2 of the schema added, and takes null for them', () => {
  const [first, second] = [columnsOf(1), columnsOf(2)];
  for (const [table, columns] of storedColumns) {
    const added = second[table]?.filter((name) => first[table]?.includes(name) === false);
    expect(columns.map(({ name }) => name).filter((name) => isSinceVersion2(table, name))).toEqual(added);
    expect(columns.filter(({ name, nullable }) => isSinceVersion2(table, name) && !nullable)).toEqual([]);
  }
});
