import type { IndexedMessage } from './index-shape.ts';
import type { SearchQuery } from './search-query.ts';
import { partsOf, withoutMarks, wordsOfPart } from './words.ts';

/** A piece of a message's text with what was found in it. */
export interface Excerpt {
  readonly pieces: readonly { readonly text: string; readonly isFound: boolean }[];
  /** Whether it is of a text that the message has no more. */
  readonly isEarlier: boolean;
}

/** Characters that are shown, and of those the ones before the first word that was found. */
const mostChars = 280;
const charsBefore = 60;

type Range = readonly [from: number, to: number];

/** The words around what was found, of the text that has more of it. */
export function excerptOf(message: IndexedMessage, query: SearchQuery): Excerpt {
  const [, , , , , , , , , , text, earlier] = message;
  const [now, before] = [rangesIn(text, query), rangesIn(earlier, query)];
  const isEarlier = before.length > 0 && now.length === 0;
  return { pieces: piecesOf(isEarlier ? earlier : text, isEarlier ? before : now), isEarlier };
}

/** Where a text has words that were looked for. */
function rangesIn(text: string, { groups }: SearchQuery): readonly Range[] {
  const terms = groups.flat().filter(({ term }) => !term.includes(':'));
  const ranges: Range[] = [];
  for (const part of partsOf(text)) {
    const [word = ''] = wordsOfPart(part);
    const bare = withoutMarks(word);
    for (const { term, isPrefix } of terms) {
      if (part.isUnspaced) {
        // Of a stretch that another form has replaced, all is shown as found.
        const isSame = text.slice(part.from, part.to).toLowerCase() === part.text;
        for (let at = part.text.indexOf(term); at >= 0; at = part.text.indexOf(term, at + 1)) {
          ranges.push(isSame ? [part.from + at, part.from + at + term.length] : [part.from, part.to]);
        }
      } else if (isPrefix ? word.startsWith(term) || bare.startsWith(term) : word === term || bare === term) {
        ranges.push([part.from, part.to]);
      }
    }
  }
  ranges.sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

function piecesOf(text: string, ranges: readonly Range[]): Excerpt['pieces'] {
  const first = ranges[0]?.[0] ?? 0;
  const start = first <= charsBefore + 20 ? 0 : wordStart(text, first - charsBefore);
  const end = text.length - start <= mostChars + 20 ? text.length : wholeSign(text, start + mostChars);
  const pieces: { text: string; isFound: boolean }[] = [];
  const add = (from: number, to: number, isFound: boolean): void => {
    if (to > from) pieces.push({ text: text.slice(from, to), isFound });
  };
  let at = start;
  for (const [from, to] of ranges) {
    if (from >= end) break;
    add(at, from, false);
    add(from, Math.min(to, end), true);
    at = Math.min(to, end);
  }
  add(at, end, false);
  if (start > 0) pieces.unshift({ text: '… ', isFound: false });
  if (end < text.length) pieces.push({ text: ' …', isFound: false });
  return pieces;
}

/** The beginning of the word at a place, unless that is far away. */
function wordStart(text: string, at: number): number {
  const space = text.slice(at, at + charsBefore / 2).search(/\s/);
  return space < 0 ? wholeSign(text, at) : at + space + 1;
}

function wholeSign(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit < 0xe000 ? at - 1 : at;
}
