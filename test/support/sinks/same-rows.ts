import { expect } from '@jest/globals';
import type { DuckDbReader } from './duckdb-reader.ts';

/** Fails unless two queries of DuckDB (`FROM …`) have the same rows, more than `atLeast`, however often each. */
export async function expectSameRows(
  duckDb: DuckDbReader,
  shown: string,
  expected: string,
  atLeast = 1,
): Promise<void> {
  const count = async (sql: string): Promise<unknown> =>
    (await duckDb.query(`SELECT count(*) AS n FROM (${sql})`))[0]?.['n'];
  expect(await count(expected)).toBeGreaterThanOrEqual(atLeast);
  expect(await count(shown)).toBe(await count(expected));
  const columns = (await duckDb.query(`DESCRIBE ${expected}`)).map((column) => `"${String(column['column_name'])}"`);
  const [a, b] = [shown, expected].map((sql) => `SELECT ${columns.join(', ')} FROM (${sql})`);
  const others = `(${a} EXCEPT ALL ${b}) UNION ALL (${b} EXCEPT ALL ${a})`;
  expect(await duckDb.query(others)).toEqual([]);
}
