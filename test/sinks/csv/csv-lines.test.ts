import { describe, expect, it } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import type { CsvCell } from '../../../src/sinks/csv/csv-cell.ts';
import { cellText } from '../../../src/sinks/csv/csv-lines.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const delimiters = [',', ';', '\t', '|', "'", ' ', '-', '.', '1', '^', ']', '\\', '=', 'é'];
const anyText = fc.string({
  unit: fc.constantFrom(...delimiters, '"', '\n', '\r', 'a', '+', '@', '\uff1d', '👍', '\ud83d', '\0', '\u2028'),
  maxLength: 6,
});
const anyCell: fc.Arbitrary<CsvCell> = fc.oneof(fc.constant(null), fc.integer(), anyText);

describe('cellText', () => {
  it('writes every cell as csv-stringify writes the whole line', () => {
    fc.assert(
      fc.property(
        fc.array(anyCell, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(...delimiters),
        fc.boolean(),
        (cells, delimiter, excelSafe) => {
          // csv-stringify looks for the delimiter before it puts one there.
          fc.pre(!excelSafe || delimiter !== "'");
          const whole = stringify([cells], {
            delimiter,
            quote_record_delimiter: true,
            escape_formulas: excelSafe,
            cast: { string: (text) => (text === '' ? { value: text, quoted_empty: true } : text) },
          });
          expect(`${cells.map(cellText({ delimiter, excelSafe })).join(delimiter)}\n`).toBe(whole);
        },
      ),
      { numRuns: quickOrLong(400, 4_000) },
    );
  });

  it('quotes a guarded formula where the guard is the delimiter', () => {
    expect(cellText({ delimiter: "'", excelSafe: true })('=1+1')).toBe(`"'=1+1"`);
  });
});
