import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonLines } from '../../../src/sinks/jsonl/json-lines.ts';
import { jsonText } from '../../../src/sinks/json-text.ts';
import { nastyRows, nastySchema } from '../../../src/testing/nasty-rows.ts';
import type { ColumnSpec, Row, StructValue, Value } from '../../../src/model/column.ts';
import { anyKind, batchOfRows } from '../../../src/model/row-batch.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const text = fc.string({ unit: fc.constantFrom('"', '\\', '\0', '\n', 'a', '\ud83d', '\udc4d', 'é', '\u2028') });
const date = fc.date({ noInvalidDate: true });
const struct: fc.Arbitrary<StructValue> = fc.record({ at: fc.option(date) });

/** Values of each kind of column; null is added where the column may hold it. */
const kinds: readonly (readonly [ColumnSpec['type'], fc.Arbitrary<Value>])[] = [
  [{ kind: 'string' }, text],
  [{ kind: 'timestamp' }, date],
  [{ kind: 'int' }, fc.oneof(fc.constantFrom(0, -0, 1, -1), fc.maxSafeInteger())],
  [{ kind: 'boolean' }, fc.boolean()],
  [{ kind: 'json' }, fc.oneof(fc.constantFrom<Value>(false, 0, []), fc.dictionary(text, text))],
  [{ kind: 'strings' }, fc.array(text, { maxLength: 2 })],
  [{ kind: 'structs', fields: [{ name: 'at', kind: 'timestamp' }] }, fc.array(struct, { maxLength: 2 })],
];

const table = fc
  .array(fc.tuple(fc.constantFrom(...kinds), fc.boolean()), { minLength: 1, maxLength: 12 })
  .chain((columns) =>
    fc.record({
      columns: fc.constant(columns.map(([[type], nullable], at): ColumnSpec => ({ name: `c"${at}`, type, nullable }))),
      rows: fc.array(fc.tuple(...columns.map(([[, value], nullable]) => (nullable ? fc.option(value) : value)))),
    }),
  );

/** Columns of json are JSON text in the line. */
function line(row: Row, columns: readonly ColumnSpec[]): string {
  const cells = columns.map(({ name, type }): [string, Value] => {
    const value = row[name] ?? null;
    return [name, type.kind === 'json' && value !== null ? jsonText(value) : value];
  });
  return `${jsonText(Object.fromEntries(cells))}\n`;
}

function written(rows: readonly Row[], columns: readonly ColumnSpec[]): readonly string[] {
  const lines = jsonLines(columns);
  const batch = batchOfRows(rows, columns, anyKind(columns));
  return rows.map((_, at) => lines.row(batch, at));
}

describe('jsonLines', () => {
  it('writes every row as JSON.stringify would, but for half surrogate pairs', () => {
    fc.assert(
      fc.property(table, ({ columns, rows: cells }) => {
        const rows = cells.map((values): Row =>
          Object.fromEntries(columns.map(({ name }, at) => [name, values[at] ?? null])),
        );
        expect(written(rows, columns)).toEqual(rows.map((row) => line(row, columns)));
      }),
      { numRuns: quickOrLong(120, 1500) },
    );
  });

  it('does so with the values that break sinks', () => {
    expect(written(nastyRows, nastySchema.columns)).toEqual(nastyRows.map((row) => line(row, nastySchema.columns)));
  });
});
