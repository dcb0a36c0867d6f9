import { compareTs, type ListOrder, type ListRow, type Placed } from '../../../model/list/list-order.ts';
import { dateShape } from '../../../model/list/bson-order.ts';
import type { UndatedKey } from '../../../model/stream.ts';

/** Whether texts were found among the rows that look like dates. */
export function showsTexts(rows: readonly ListRow[]): boolean {
  return rows.some(({ undated }) => undated?.type === 'text' && dateShape.test(String(undated.value)));
}

/** Whether dates must follow the last row of a page that is none: it sorts behind all texts, or a smaller row follows. */
export function endsTexts(last: ListRow): boolean {
  return last.undated?.type === 'object' || last.undated?.type === 'boolean' || showsTexts([last]);
}

/** A row or a watermark that was taken for a date, until rows behind it showed that it is a text. */
export function asText<P extends Placed>(place: P): P & { readonly undated: UndatedKey } {
  return { ...place, undated: { type: 'text', value: isoText(place) } };
}

/** Of a text that looks like a date its time is all there is to know. */
export function isoText({ tsMs }: Placed): string {
  return new Date(tsMs).toISOString();
}

/**
 * Tells texts that look like dates from dates, by where they stand: texts come first, so whatever stands before a row
 * that is smaller, or before one that is no date, is none itself.
 *
 * @returns the rows, those texts marked; `rows` itself when there are none
 */
export function markTexts<R extends ListRow>(rows: readonly R[], order: ListOrder): readonly R[] {
  const last = rows.findLastIndex((row, at) => {
    const next = rows[at + 1];
    if (row.undated !== undefined || next === undefined) return false;
    const step = compareTs(next, row);
    return step < 0 || (step === 0 && order === 'ts-id' && next.id < row.id);
  });
  if (last === -1) return rows;
  return rows.map((row, at) => (at > last || row.undated !== undefined ? row : asText(row)));
}
