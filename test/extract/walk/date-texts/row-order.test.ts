import { describe, expect, it } from '@jest/globals';
import { asText, endsTexts, markTexts, showsTexts } from '../../../../src/extract/walk/date-texts/row-order.ts';
import type { ListRow } from '../../../../src/model/list/list-order.ts';
import type { UndatedKey } from '../../../../src/model/stream.ts';

const ms = (year: number): number => Date.UTC(year, 0);
const dated = (id: string, year: number): ListRow => ({ id, tsMs: ms(year) });
const undated = (id: string, type: UndatedKey['type'], value: unknown): ListRow => ({
  id,
  tsMs: 0,
  undated: { type, value },
});

/** Ids of the rows that are taken for texts that look like dates. */
const texts = (rows: readonly ListRow[], order: 'ts' | 'ts-id' = 'ts'): readonly string[] =>
  markTexts(rows, order).flatMap(({ id, undated: key }) => (key?.type === 'text' ? [id] : []));

describe('texts that look like dates', () => {
  it('are what stands before a row that is smaller, dates what stands behind it', () => {
    const rows = [dated('a', 2024), dated('b', 2025), dated('c', 2020), dated('d', 2021)];
    expect(texts(rows)).toEqual(['a', 'b']);
    expect(markTexts(rows, 'ts')[0]).toEqual({
      ...{ id: 'a', tsMs: ms(2024) },
      undated: { type: 'text', value: '2024-01-01T00:00:00.000Z' },
    });
  });

  it('are what stands before the last such place', () =>
    expect(texts([dated('a', 2024), dated('b', 2020), dated('c', 2023), dated('d', 2022)])).toEqual(['a', 'b', 'c']));

  it('are what stands before a row that is no date, which stays what it is', () => {
    const rows = [dated('a', 2020), undated('o', 'object', {}), dated('b', 2021)];
    expect(texts(rows)).toEqual(['a']);
    expect(markTexts(rows, 'ts').slice(1)).toEqual(rows.slice(1));
  });

  it('cannot be told where nothing is out of order, and the rows stay the same', () => {
    const rows = [undated('n', 'null', null), dated('a', 2020), dated('b', 2020), dated('c', 2021)];
    expect(markTexts(rows, 'ts')).toBe(rows);
  });

  it('show by the ids of one millisecond only where the server was asked to order by them', () => {
    const rows = [dated('b', 2020), dated('a', 2020)];
    expect(texts(rows, 'ts-id')).toEqual(['b']);
    expect(texts(rows, 'ts')).toEqual([]);
    expect(texts([dated('a', 2020), dated('a', 2020)], 'ts-id')).toEqual([]);
  });

  it('are found among rows that are no dates, of whatever type', () => {
    const text = asText(dated('a', 2020));
    expect(showsTexts([undated('o', 'object', {}), text])).toBe(true);
    expect(showsTexts([undated('t', 'text', 'tomorrow'), dated('a', 2020)])).toBe(false);
    expect(showsTexts([{ ...text, undated: { type: 'object', value: '2020-01-01T00:00:00.000Z' } }])).toBe(false);
  });

  it.each<readonly [string, ListRow, boolean]>([
    ['an object', undated('x', 'object', {}), true],
    ['true', undated('x', 'boolean', true), true],
    ['a text that looks like a date', asText(dated('x', 2020)), true],
    ['another text', undated('x', 'text', '1 May'), false],
    ['a number', undated('x', 'number', 7), false],
    ['a date', dated('x', 2020), false],
  ])('may not follow %s at the end of a page: %j', (_, last, isEnd) => expect(endsTexts(last)).toBe(isEnd));
});
