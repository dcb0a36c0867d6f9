import type { ListRow } from '../../../model/list/list-order.ts';
import { isUnreadable, type ListPage, type PageRequest } from '../page.ts';
import type { FetchPage } from '../prefetcher.ts';
import { markTexts } from './row-order.ts';

/** How far texts are looked for: most rooms whose first message is later than a period have none. */
const mostPages = 2;

/**
 * Texts that look like dates and fill the first page of a list, which does not show what they are: they stand before all
 * dates, so a smaller row further on shows it. Each page begins with the last row of the one before: of a list that moves,
 * only what stands behind that row can show what it is.
 *
 * @param request of the first page
 * @returns those rows; none: they are dates, as far as the next pages show, or the list moved between two pages
 */
export async function leadingTexts<P extends ListPage>(
  fetch: FetchPage<P>,
  request: PageRequest,
  { rows, total }: ListPage,
): Promise<readonly ListRow[]> {
  let leading = rows;
  for (let pages = 0; pages < mostPages && leading.length < total; pages++) {
    const next = await fetch({ ...request, offset: leading.length - 1 });
    if (isUnreadable(next)) return [];
    const [overlap, ...behind] = next.rows;
    if (behind.length === 0 || overlap?.id !== leading.at(-1)?.id) return [];
    leading = [...leading, ...behind];
    const marked = markTexts(leading, request.order);
    if (marked !== leading) return marked.filter(({ undated }) => undated !== undefined);
  }
  return [];
}
