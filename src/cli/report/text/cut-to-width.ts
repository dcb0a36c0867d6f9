import stringWidth from 'string-width';

let segmenter: Intl.Segmenter | undefined;

/** `text`, or its beginning and `…`, in at most `columns` columns of a terminal. */
export function cutToWidth(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  segmenter ??= new Intl.Segmenter();
  let kept = '';
  let width = 1;
  // By what people take for one character each: no emoji is cut in two.
  for (const { segment } of segmenter.segment(text)) {
    width += stringWidth(segment);
    if (width > columns) break;
    kept += segment;
  }
  return `${kept}…`;
}
