import type { Cursor } from '../../model/stream.ts';

/** Of a page, what a list may have grown by since somebody counted it. */
const marginShare = 10;

/**
 * Where a walk that continues an earlier one begins to look for its place. The place moves up with every deletion
 * since, and a page that begins behind it is asked for in vain; the rows before it cost nothing, as long as the page
 * still reaches the end of the list. So the page is laid to end there, a little over it.
 *
 * @param pageRows rows the server gives; 0 when that is not known yet
 * @param listRows rows of the list by the room's counter, which is near; null where there is none
 */
export function startOffset({ watermark, offset }: Cursor, pageRows: number, listRows: number | null): number {
  if (watermark === null) return 0;
  const margin = Math.ceil(pageRows / marginShare);
  if (listRows === null) return Math.max(0, offset - Math.floor(pageRows / 2));
  return Math.max(0, Math.min(offset - margin, listRows - pageRows + margin));
}
