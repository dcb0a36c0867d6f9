import { describe, expect, it } from '@jest/globals';
import { judgePage, type PageTerms } from '../../../src/extract/walk/page.ts';
import type { ListOrder, ListRow } from '../../../src/model/list/list-order.ts';
import type { Watermark } from '../../../src/model/stream.ts';

/** `a1 b1 c2`: ids and times. */
function rowsOf(text: string): readonly ListRow[] {
  return text
    .split(' ')
    .flatMap((word) => (word === '' ? [] : [{ id: word.slice(0, 1), tsMs: Number(word.slice(1)) }]));
}

interface Asked extends Partial<PageTerms> {
  readonly order?: ListOrder;
  readonly offset?: number;
}

function judge(text: string, watermark: Watermark | null, asked: Asked = {}) {
  const { order = 'ts', offset = 1, ...terms } = asked;
  return judgePage({ rows: rowsOf(text), total: 9 }, { offset, count: 100, order }, watermark, {
    isLast: false,
    ...terms,
  });
}

const at = (tsMs: number, id: string | null = null): Watermark => ({ tsMs, id });

describe('a page, judged by its own rows', () => {
  it('is late where it begins behind the watermark: rows between the two may exist', () => {
    expect(judge('a6 b7', at(5))).toEqual({ kind: 'late' });
    expect(judge('a5 b6 c7', at(5))).toMatchObject({ kind: 'taken' });
  });

  it('is not late at the beginning of the list, nor where it is known to follow', () => {
    expect(judge('a6 b7', null, { offset: 0 })).toMatchObject({ kind: 'taken', from: 0, to: 1 });
    expect(judge('a6 b7', at(5), { offset: 0 })).toMatchObject({ kind: 'taken', from: 0, to: 1 });
    expect(judge('a6 b7', at(5), { isJoined: true })).toMatchObject({ kind: 'taken', from: 0, to: 1 });
  });

  it('is behind where nothing is newer, and where the list has nothing', () => {
    expect(judge('a4 b5', at(5))).toEqual({ kind: 'behind' });
    expect(judge('', at(5), { offset: 0 })).toEqual({ kind: 'behind' });
    expect(judge('', at(5), { isJoined: true })).toEqual({ kind: 'behind' });
    expect(judge('', at(5))).toEqual({ kind: 'late' });
  });

  it('is taken from behind the watermark up to its last group, which may go on behind it', () =>
    expect(judge('a5 b6 c7 d8 e8', at(5))).toEqual({ kind: 'taken', from: 1, to: 3, watermark: at(7) }));

  it('is taken to its end where it is the last of the list', () =>
    expect(judge('a5 b6 c8 d8', at(5), { isLast: true })).toEqual({ kind: 'taken', from: 1, to: 4, watermark: at(8) }));

  it('is tied where all that is newer is one group', () => {
    expect(judge('a5 b6 c6', at(5))).toEqual({ kind: 'tied', from: 1 });
    expect(judge('a6 b6', null, { offset: 0 })).toEqual({ kind: 'tied', from: 0 });
  });

  it('is taken within a group in the order that ids decide, and says which was the last', () => {
    expect(judge('a5 b6 c6', at(5), { order: 'ts-id' })).toEqual({
      kind: 'taken',
      from: 1,
      to: 3,
      watermark: at(6, 'c'),
    });
    expect(judge('b6 c6 d6', at(6, 'b'), { order: 'ts-id' })).toMatchObject({ from: 1, watermark: at(6, 'd') });
  });

  it('is taken to its end where what follows cannot be read', () => {
    const asked: Asked = { order: 'ts-id', endsAtHole: true };
    expect(judge('a5 b6 c7', at(5), asked)).toEqual({ kind: 'taken', from: 1, to: 3, watermark: at(7, 'c') });
  });

  it('proves nothing where its rows are not in order, not even those within one millisecond', () => {
    const outOfOrder = (text: string, order: ListOrder) => () => judge(text, at(1), { order });
    expect(outOfOrder('a1 b3 c2', 'ts')).toThrow(/message "c" came after "b", against the order asked for/);
    // A proxy that drops `_id` from the sort: a burst would be walked by ids that decide nothing.
    expect(outOfOrder('a1 c2 b2 d3', 'ts-id')).toThrow(/message "b" came after "c", against the order asked for/);
    expect(outOfOrder('a1 c2 b2 d3', 'ts')).not.toThrow();
    expect(outOfOrder('a1 b2 b2 d3', 'ts-id')).not.toThrow();
    const hint = 'A proxy or a modified server ignores the "sort" parameter';
    expect(() => judge('a2 b1', null)).toThrow(expect.objectContaining({ reason: 'wire', hint }));
  });

  it('leaves the watermark among rows without a date, if it ends there', () => {
    const undated = { type: 'null', value: null } as const;
    const rows = [
      { id: 'a', tsMs: 0, undated },
      { id: 'b', tsMs: 0, undated: { ...undated, type: 'number', value: 1 } as const },
    ];
    const judged = (isLast: boolean) =>
      judgePage({ rows, total: 9 }, { offset: 0, count: 100, order: 'ts' }, null, { isLast });
    expect(judged(false)).toMatchObject({ kind: 'taken', to: 1, watermark: { tsMs: 0, id: null, undated } });
    expect(judged(true)).toMatchObject({ kind: 'taken', to: 2, watermark: { undated: { type: 'number', value: 1 } } });
    expect(judge('a1 b2', null, { isLast: true, offset: 0 })).toStrictEqual({
      ...{ kind: 'taken', from: 0, to: 2, watermark: { tsMs: 2, id: null } },
    });
  });
});
