import { describe, expect, it } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import type { CsvCell } from '../../../src/sinks/csv/csv-cell.ts';
import { CsvLines } from '../../../src/sinks/csv/csv-lines.ts';

const delimiters = [',', ';', '\t', '|', "'", ' ', '-', '.', '1', '^', ']', '\\', '=', 'é'];
const anyText = fc.string({
  unit: fc.constantFrom(...delimiters, '"', '\n', '\r', 'a', '+', '@', '\uff1d', '👍', '\ud83d', '\0', '\u2028'),
  maxLength: 6,
});
const anyCell: fc.Arbitrary<CsvCell> = fc.oneof(fc.constant(null), fc.integer(), anyText);

describe('CsvLines', () => {
  it('writes every line as csv-stringify writes the whole of it', () => {
    fc.assert(
      fc.property(
        fc.array(anyCell, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(...delimiters),
        fc.boolean(),
        (cells, delimiter, excelSafe) => {
          const columns = cells.map((cell, at) => ({ name: `c${at}`, cell: () => cell }));
          const whole = stringify([cells], {
            delimiter,
            quote_record_delimiter: true,
            escape_formulas: excelSafe,
            cast: { string: (text) => (text === '' ? { value: text, quoted_empty: true } : text) },
          });
          expect(new CsvLines(columns, stringify, { delimiter, excelSafe }).row({})).toBe(whole);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('leaves csv-stringify alone where no cell needs it, and gives it no more cells than need be', () => {
    const given: unknown[] = [];
    const counted: typeof stringify = (records, options) => {
      given.push(...records);
      return stringify(records, options);
    };
    const lines = (cells: readonly CsvCell[]): string =>
      new CsvLines(
        cells.map((cell, at) => ({ name: `c${at}`, cell: () => cell })),
        counted,
        { delimiter: ',', excelSafe: false },
      ).row({});
    expect(lines(['a', null, 1, '[]', 'b'])).toBe('a,,1,[],b\n');
    expect(given).toEqual([]);
    expect(lines(['a', null, 'b,c', null, '', 'd'])).toBe('a,,"b,c",,"",d\n');
    expect(given).toEqual([['b,c', null, '']]);
  });
});
