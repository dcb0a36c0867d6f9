import { describe, expect, it } from '@jest/globals';
import { asText } from '../../../../src/extract/walk/date-texts/row-order.ts';
import { TextWatermark } from '../../../../src/extract/walk/date-texts/text-watermark.ts';
import type { ListRow } from '../../../../src/model/list/list-order.ts';
import type { Watermark } from '../../../../src/model/stream.ts';

const ms = (year: number): number => Date.UTC(year, 0);
const row = (id: string, year: number): ListRow => ({ id, tsMs: ms(year) });
const at = (year: number): Watermark => ({ tsMs: ms(year), id: null });
const textAt = (year: number): Watermark => asText(at(year));
const textIds = (rows: readonly ListRow[]) => rows.filter(({ undated }) => undated !== undefined).map(({ id }) => id);

/** A walk from the beginning that has taken one row of 2024, of a page that shows it to be a date, or does not. */
function afterOne({ last }: { readonly last?: ListRow } = {}): TextWatermark {
  const texts = new TextWatermark(null);
  texts.passed(at(2024), last === undefined ? [row('a', 2024)] : [last, row('a', 2024)], [row('a', 2024)]);
  return texts;
}

describe('a watermark that was taken for a date', () => {
  it('is a text where the page behind it begins with something smaller', () => {
    expect(afterOne().correct(at(2024), [row('b', 2020)], at(2024))).toEqual(textAt(2024));
    expect(afterOne().correct(at(2024), [row('b', 2025)], at(2024))).toBeUndefined();
    expect(afterOne().correct(at(2024), [row('b', 2024)], at(2024))).toBeUndefined();
    expect(afterOne().correct(at(2024), [], at(2024))).toBeUndefined();
    // Nobody knows what stands right before the page, or it is something else.
    expect(afterOne().correct(at(2024), [row('b', 2020)], null)).toBeUndefined();
    expect(afterOne().correct(at(2024), [row('b', 2020)], at(2023))).toBeUndefined();
  });

  it('is a text where the page shows texts at all, and none that dates follow was seen', () => {
    const page = [asText(row('t', 2025)), row('b', 2020)];
    expect(afterOne().correct(at(2024), page, null)).toEqual(textAt(2024));
    expect(afterOne().correct(at(2024), [row('b', 2025)], null)).toBeUndefined();
  });

  it('is a date where the page that brought it showed the end of the texts, unless it is that very row', () => {
    const object: ListRow = { id: 'o', tsMs: 0, undated: { type: 'object', value: {} } };
    for (const last of [object, asText(row('t', 2023))]) {
      const texts = afterOne({ last });
      expect(texts.correct(at(2024), [row('b', 2020)], at(2024))).toBeUndefined();
      expect(texts.correct(at(2024), [asText(row('t', 2025))], null)).toBeUndefined();
      expect(texts.correct(at(2024), [asText(row('a', 2024))], null)).toEqual(textAt(2024));
    }
    // What is no date, and stands before all texts, does not show where they end.
    const early = afterOne({ last: { id: 'n', tsMs: 0, undated: { type: 'null', value: null } } });
    expect(early.correct(at(2024), [asText(row('t', 2025))], null)).toEqual(textAt(2024));
  });

  it('is found by its time where the walk was cut behind it', () => {
    const cut = new TextWatermark(at(2024));
    expect(cut.correct(at(2024), [asText(row('t', 2025))], null)).toBeUndefined();
    expect(cut.correct(at(2024), [asText(row('t', 2024))], null)).toEqual(textAt(2024));
    const object: ListRow = { id: 'o', tsMs: ms(2024), undated: { type: 'object', value: {} } };
    expect(cut.correct(at(2024), [asText(row('t', 2025)), object], null)).toBeUndefined();
    // One that stood among texts may have been misled.
    expect(new TextWatermark(textAt(2023)).correct(at(2024), [asText(row('t', 2025))], null)).toEqual(textAt(2024));
  });

  it('stays what it is where there is none, or where it is known to be none', () => {
    expect(afterOne().correct(null, [row('b', 2020)], at(2024))).toBeUndefined();
    expect(afterOne().correct(textAt(2024), [asText(row('t', 2025))], at(2024))).toBeUndefined();
  });
});

describe('the rows of a page', () => {
  it('are texts where an earlier page showed it, with all that stands before them', () => {
    const texts = new TextWatermark(null);
    texts.mark([asText(row('b', 2024)), row('z', 2025)], null);
    const page = [row('a', 2023), row('b', 2024), row('c', 2025)];
    expect(textIds(texts.mark(page, null))).toEqual(['a', 'b']);
    expect(textIds(texts.mark([row('a', 2023), row('d', 2025)], null))).toEqual(['a']);
  });

  it('are dates as long as nothing is known of them', () => {
    const page = [row('a', 2023), row('b', 2024)];
    expect(new TextWatermark(null).mark(page, at(2024))).toBe(page);
    const other: ListRow = { id: 'o', tsMs: 0, undated: { type: 'object', value: {} } };
    const texts = new TextWatermark(null);
    texts.mark([other], null);
    // An object is no text that looks like a date.
    expect(texts.mark([{ id: 'o', tsMs: ms(2024) }], null)[0]).toEqual({ id: 'o', tsMs: ms(2024) });
  });

  it('are known beforehand where they were looked at', () => {
    const texts = new TextWatermark(null);
    texts.learn([row('a', 2024)]);
    expect(textIds(texts.mark([row('a', 2024), row('b', 2025)], null))).toEqual(['a']);
  });

  it('are texts where a cut walk stood at one of the same time, until it has taken a row itself', () => {
    const texts = new TextWatermark(textAt(2024));
    const page = [row('x', 2024), row('y', 2025)];
    expect(textIds(texts.mark(page, textAt(2024)))).toEqual(['x']);
    texts.passed(textAt(2026), page, [row('y', 2025)]);
    expect(textIds(texts.mark([row('v', 2026), row('w', 2027)], textAt(2026)))).toEqual([]);
  });

  it('leave what is no date as it is', () => {
    const number: ListRow = { id: 'n', tsMs: 0, undated: { type: 'number', value: 7 } };
    const texts = new TextWatermark(null);
    texts.learn([row('a', 2024)]);
    const [first, second] = texts.mark([number, row('a', 2024)], null);
    expect([first, second]).toEqual([number, asText(row('a', 2024))]);
  });

  it('hold the row at the watermark as a text once it was corrected', () => {
    const texts = afterOne();
    texts.correct(at(2024), [row('b', 2020)], at(2024));
    expect(textIds(texts.mark([row('a', 2024), row('c', 2025)], textAt(2024)))).toEqual(['a']);
  });
});
