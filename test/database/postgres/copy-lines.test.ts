import { describe, expect, it } from '@jest/globals';
import type { ColumnSpec, Row } from '../../../src/model/column.ts';
import { copyLines } from '../../../src/database/postgres/copy-lines.ts';
import { NulReplacer } from '../../../src/database/without-nul.ts';

const column = (kind: 'string' | 'int' | 'boolean' | 'timestamp' | 'json' | 'strings'): ColumnSpec => ({
  ...{ name: kind, type: { kind }, nullable: true },
});
const line = (row: Row, kinds: readonly Parameters<typeof column>[0][]): string =>
  copyLines(kinds.map(column), new NulReplacer())(row);

describe('a line for COPY', () => {
  it('escapes what ends a field, a line or the data', () =>
    expect(line({ string: '\\.\n\\N\r\tx' }, ['string'])).toBe('\\\\.\\n\\\\N\\r\\tx\n'));

  it('tells null from the empty text, and from the text that null is written as', () => {
    const lines = [null, '', '\\N', 'null'].map((text) => line({ string: text, int: 1 }, ['string', 'int']));
    expect(lines).toEqual(['\\N\t1\n', '\t1\n', '\\\\N\t1\n', 'null\t1\n']);
  });

  it('has a column that the file does not have as null', () =>
    expect(line({ int: -1, boolean: false }, ['int', 'json', 'boolean'])).toBe('-1\t\\N\tfalse\n'));

  it('writes JSON in one line, which COPY and then the JSON parser read', () =>
    expect(line({ json: { a: ['\n', '\\', '\0'] }, strings: ['\t'] }, ['json', 'strings'])).toBe(
      String.raw`{"a":["\\n","\\\\",` + '"\ufffd"]}\t' + String.raw`["\\t"]` + '\n',
    ));

  it.each([
    ['2026-11-27T00:00:00.001Z', '2026-11-27T00:00:00.001Z'],
    ['+010000-01-01T00:00:00.000Z', '10000-01-01T00:00:00.000Z'],
    ['+275760-09-13T00:00:00.000Z', '275760-09-13T00:00:00.000Z'],
    ['0001-01-01T00:00:00.000Z', '0001-01-01T00:00:00.000Z'],
    ['0000-12-31T23:59:59.999Z', '0001-12-31T23:59:59.999Z BC'],
    ['-004712-01-01T00:00:00.000Z', '4713-01-01T00:00:00.000Z BC'],
    ['-004713-12-31T23:59:59.999Z', '-infinity'],
  ])('writes %s as PostgreSQL has it', (iso, text) =>
    expect(line({ timestamp: new Date(iso) }, ['timestamp'])).toBe(`${text}\n`),
  );
});
