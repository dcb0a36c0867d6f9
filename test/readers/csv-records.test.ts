import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CsvRecords } from '../../src/readers/csv-records.ts';
import { cellText } from '../../src/sinks/csv/csv-lines.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const delimiters = [',', ';', '\t', '|', ' ', 'é', 'x'];
const nasty = fc.constantFrom(
  '"',
  '""',
  '\n',
  '\r',
  '\r\n',
  ',',
  ';',
  '\t',
  '|',
  ' ',
  'x',
  'é',
  '👍',
  '\ufeff',
  '0',
  'ab',
);
const cell = fc.option(
  fc.array(nasty, { maxLength: 6 }).map((units) => units.join('')),
  { freq: 3 },
);

/** A delimiter, rows of one width, and where the text is cut into pieces. */
const tables = fc.record({
  delimiter: fc.constantFrom(...delimiters),
  rows: fc
    .integer({ min: 1, max: 5 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 12 })),
  cuts: fc.array(fc.nat({ max: 200 }), { maxLength: 12 }),
});

function linesOf(rows: readonly (readonly (string | null)[])[], delimiter: string): string {
  const text = cellText({ delimiter, excelSafe: false });
  return rows.map((row) => `${row.map(text).join(delimiter)}\n`).join('');
}

function piecesOf(text: string, cuts: readonly number[]): readonly string[] {
  const ends = [...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
}

describe('CsvRecords', () => {
  it('takes apart what the CSV sink puts together, null and the empty text told apart, however the text is cut', () => {
    fc.assert(
      fc.property(tables, ({ delimiter, rows, cuts }) => {
        const records = new CsvRecords(delimiter);
        const found = piecesOf(linesOf(rows, delimiter), cuts).flatMap((piece) => records.push(piece));
        expect([...found, ...records.end()]).toEqual(rows);
      }),
      { numRuns: quickOrLong(100, 1000) },
    );
  });

  it('gives records while more text is to come', () => {
    const records = new CsvRecords(',');
    expect(records.push('a,b\n"c')).toEqual([['a', 'b']]);
    expect(records.push('d",\ne,')).toEqual([['cd', null]]);
    expect(records.push('\n')).toEqual([]);
    expect(records.end()).toEqual([['e', null]]);
  });

  it('reads a long record in pieces without beginning anew at each', () => {
    const records = new CsvRecords(',');
    const piece = 'x'.repeat(1000);
    records.push('"');
    for (let index = 0; index < 20_000; index++) records.push(piece);
    const [record] = [...records.push('"\n'), ...records.end()];
    expect(record?.[0]?.length).toBe(20_000_000);
  });
});
