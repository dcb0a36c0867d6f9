import type { Watermark } from '../../../model/stream.ts';
import { type ListRow, compareTs } from '../../../model/list/list-order.ts';
import { asText, endsTexts, isoText, showsTexts } from './row-order.ts';

/**
 * Texts that look like dates stand before all dates, and a page of nothing but such texts does not show what they are.
 * So a watermark may have been taken for a date until a later page shows that it is a text.
 */
export class TextWatermark {
  /** Whether no page has shown yet where such texts end. */
  #isOpen: boolean;
  /** Of the row at the watermark; undefined for a walk that was cut. */
  #lastId: string | undefined;
  /** Of texts that some page has shown to be such: another one may not show it. */
  readonly #textIds = new Set<string>();

  /** `start`: where the walk begins. Behind a date there are no texts, but a walk that was cut may have been misled. */
  constructor(start: Watermark | null) {
    this.#isOpen = start === null || start.undated !== undefined;
  }

  /** Rows that are known to be texts, whatever pages show. */
  learn(rows: readonly ListRow[]): void {
    for (const { id } of rows) this.#textIds.add(id);
  }

  /** The page's rows, those marked that are known to be texts, and what stands before them. */
  mark(rows: readonly ListRow[], watermark: Watermark | null): readonly ListRow[] {
    const stored = this.#lastId === undefined ? watermark?.undated?.value : undefined;
    const isKnown = (row: ListRow): boolean =>
      this.#textIds.has(row.id) || (stored !== undefined && isoText(row) === stored);
    // Nearly every list: none of its rows is to be looked at by its time as a text.
    const isNoneKnown = this.#textIds.size === 0 && stored === undefined;
    const last = isNoneKnown ? -1 : rows.findLastIndex((row) => row.undated === undefined && isKnown(row));
    const marked =
      last === -1 ? rows : rows.map((row, at) => (at > last || row.undated !== undefined ? row : asText(row)));
    for (const row of marked) if (row.undated !== undefined && showsTexts([row])) this.#textIds.add(row.id);
    return marked;
  }

  /**
   * The watermark as a text, if that is what the page shows it to be.
   *
   * @param before the row that is known to stand right before the page
   */
  correct(watermark: Watermark | null, rows: readonly ListRow[], before: Watermark | null): Watermark | undefined {
    if (watermark === null || watermark.undated !== undefined) return undefined;
    // The page begins right behind the watermark, and yet with something smaller.
    const [first] = rows;
    const isBehind = before !== null && first !== undefined && compareTs(before, watermark) === 0;
    if (this.#isOpen && isBehind && compareTs(first, watermark) < 0) return this.#corrected(watermark);
    if (!showsTexts(rows)) return undefined;
    const isIt = ({ id, tsMs }: ListRow): boolean =>
      this.#lastId === undefined ? tsMs === watermark.tsMs : id === this.#lastId;
    const isText = this.#isOpen || rows.some((row) => row.undated?.type === 'text' && isIt(row));
    return isText ? this.#corrected(watermark) : undefined;
  }

  #corrected(watermark: Watermark): Watermark {
    // The page that showed it may hold the very row, and not show that it is a text.
    if (this.#lastId !== undefined) this.#textIds.add(this.#lastId);
    return asText(watermark);
  }

  /**
   * A page has been taken up to the watermark, at the last of `taken`.
   *
   * @param rows of the page, as it shows them: a text that is only remembered to be one says nothing of what follows
   */
  passed(watermark: Watermark, rows: readonly ListRow[], taken: readonly ListRow[]): void {
    this.#lastId = taken.at(-1)?.id;
    const last = rows.findLast(({ undated }) => undated !== undefined);
    if (watermark.undated === undefined && last !== undefined && endsTexts(last)) this.#isOpen = false;
  }
}
