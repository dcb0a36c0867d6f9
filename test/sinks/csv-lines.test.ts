import { describe, expect, it } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { CsvLines } from '../../src/sinks/csv-lines.ts';
import type { ColumnSpec } from '../../src/tables/column.ts';

const delimiters = [',', ';', '\t', '|', "'", ' ', '-', '.', '1', '^', ']', '\\', '=', 'é'];
const anyText = fc.string({
  unit: fc.constantFrom(...delimiters, '"', '\n', '\r', 'a', '+', '@', '\uff1d', '👍', '\ud83d', '\0', '\u2028'),
  maxLength: 6,
});
const anyCell = fc.oneof(fc.constant(null), fc.integer(), anyText);

describe('CsvLines', () => {
  it('writes what csv-stringify writes', () => {
    fc.assert(
      fc.property(
        fc.array(anyCell, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(...delimiters),
        fc.boolean(),
        (cells, delimiter, excelSafe) => {
          // There csv-stringify takes the apostrophe of its guard for the end of the field.
          fc.pre(!(excelSafe && delimiter === "'"));
          const columns = cells.map((cell, at): ColumnSpec => {
            return { name: `${at}`, type: { kind: typeof cell === 'number' ? 'int' : 'string' }, nullable: true };
          });
          const whole = stringify([cells], {
            delimiter,
            quote_record_delimiter: true,
            escape_formulas: excelSafe,
            cast: { string: (text) => (text === '' ? { value: text, quoted_empty: true } : text) },
          });
          const row = Object.fromEntries(cells.map((cell, at) => [`${at}`, cell]));
          expect(new CsvLines(columns, { delimiter, excelSafe }).row(row)).toBe(whole);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('quotes whatever holds the delimiter: numbers, dates, lists, names of columns and the guard before a formula', () => {
    const line = (type: ColumnSpec['type'], value: Parameters<CsvLines['row']>[0][string], delimiter: string): string =>
      new CsvLines([{ name: 'c', type, nullable: true }], { delimiter, excelSafe: true }).row({ c: value });
    expect(line({ kind: 'int' }, -5, '-')).toBe('"-5"\n');
    expect(line({ kind: 'timestamp' }, new Date(0), ':')).toBe('"1970-01-01T00:00:00.000Z"\n');
    expect(line({ kind: 'strings' }, [], ']')).toBe('"[]"\n');
    expect(line({ kind: 'boolean' }, true, 't')).toBe('"true"\n');
    expect(line({ kind: 'string' }, '=1', "'")).toBe('"\'=1"\n');
    expect(
      new CsvLines([{ name: 'c', type: { kind: 'int' }, nullable: true }], {
        delimiter: 'c',
        excelSafe: false,
      }).header(),
    ).toBe('"c"\n');
  });
});
