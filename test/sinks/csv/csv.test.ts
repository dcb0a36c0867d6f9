import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { JobError } from '../../../src/errors.ts';
import { createCsvSink } from '../../../src/sinks/csv/csv.ts';
import type { CsvOptions } from '../../../src/model/sink-options.ts';
import type { FileSchema } from '../../../src/sinks/sink.ts';
import type { Row } from '../../../src/model/column.ts';
import { countingDisk } from '../../support/disk/counting-disk.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const schema: FileSchema = {
  table: 'messages',
  metadata: {},
  columns: [
    { name: 'msg', type: { kind: 'string' }, nullable: true },
    { name: 'size', type: { kind: 'int' }, nullable: true },
    { name: 'extra', type: { kind: 'json' }, nullable: true },
  ],
};

describe('createCsvSink', () => {
  const pathOf = temporaryFolder();

  async function csv(rows: readonly Row[], options: Omit<CsvOptions, 'format'> = {}): Promise<string> {
    const writer = await createCsvSink({ format: 'csv', ...options }, countingDisk()).open(pathOf('x.csv'), schema);
    await writer.write(rows);
    await writer.close();
    return readFile(pathOf('x.csv'), 'utf8');
  }

  function cells(msg: string | null, size: number | null = null, extra: Row['extra'] = null): Row {
    return { msg, size, extra: extra ?? null };
  }

  it('quotes the names of columns, and of values what must be quoted and nothing else; null and the empty string differ', async () => {
    const rows = [
      cells('plain text'),
      cells(''),
      cells('a,b'),
      cells('a"b'),
      cells('a\nb'),
      cells('a\rb'),
      cells(' a '),
    ];
    expect(await csv(rows)).toBe(
      '"msg","size","extra"\nplain text,,\n"",,\n"a,b",,\n"a""b",,\n"a\nb",,\n"a\rb",,\n a ,,\n',
    );
  });

  it('writes json as JSON text, so that a string is not taken for a number', async () => {
    expect(await csv([cells(null, -5, '1'), cells(null, null, 1), cells(null, null, { a: [null] })])).toBe(
      '"msg","size","extra"\n,-5,"""1"""\n,,1\n,,"{""a"":[null]}"\n',
    );
  });

  it('separates by another character, and then quotes that one', async () => {
    expect(await csv([cells('a,b;c')], { delimiter: ';' })).toBe('"msg";"size";"extra"\n"a,b;c";;\n');
    expect(await csv([cells('a,b')], { delimiter: '\t' })).toBe('"msg"\t"size"\t"extra"\na,b\t\t\n');
  });

  it.each(['', ',,', '"', '\n', '\r', '\0', '\ufeff', '👍', '\ud83d'])('refuses %j between the fields', (delimiter) => {
    expect(() => createCsvSink({ format: 'csv', delimiter }, countingDisk())).toThrow(JobError);
  });

  it('begins with a byte order mark when asked, and only then', async () => {
    expect(await csv([], { bom: true })).toBe('\ufeff"msg","size","extra"\n');
    expect(await csv([])).toBe('"msg","size","extra"\n');
  });

  it('guards against formulas when asked, and leaves numbers alone', async () => {
    const rows = [cells('=1+1', -5), cells('+1'), cells('-1'), cells('@a'), cells('\tx'), cells('\rx'), cells('a=1')];
    const guarded = await csv(rows, { excelSafe: true });
    expect(guarded).toBe('"msg","size","extra"\n\'=1+1,-5,\n\'+1,,\n\'-1,,\n\'@a,,\n\'\tx,,\n"\'\rx",,\na=1,,\n');
    expect(await csv(rows)).toContain('\n=1+1,-5,\n');
  });

  it('is read back by csv-parse, for any text and separator', async () => {
    const texts = fc.array(
      fc.option(fc.string({ unit: fc.constantFrom(',', ';', '"', '\n', '\r', "'", ' ', 'a', '👍', '\0', '\u2028') })),
      { minLength: 1 },
    );
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom(',', ';', '\t', '|', "'", ' '), async (values, delimiter) => {
        const text = await csv(
          values.map((value) => cells(value, 1)),
          { delimiter },
        );
        const rows = parse(text, {
          delimiter,
          record_delimiter: '\n',
          from: 2,
          cast: (cell, { quoting }) => (cell === '' && !quoting ? null : cell),
        });
        expect(rows).toEqual(values.map((value) => [value, '1', null]));
      }),
      { numRuns: quickOrLong(20, 200) },
    );
  });
});
