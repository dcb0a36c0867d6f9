import { roomTerm, userTerm } from './index-shape.ts';
import { isOneSign, partsOf, phraseText, withoutMarks, wordsOfPart } from './words.ts';

/** What is looked for: every group must be met. */
export interface SearchQuery {
  readonly groups: readonly TermGroup[];
  /** To be found as they are in the text; as `phraseText` makes them. */
  readonly phrases: readonly Phrase[];
  /** Sent then or later, epoch milliseconds. */
  readonly sinceMs: number;
  /** Sent before then. */
  readonly untilMs: number;
}

/** Terms of which a message must have one. */
export type TermGroup = readonly QueryTerm[];

export interface QueryTerm {
  readonly term: string;
  /** Whether a word that begins like it will do. */
  readonly isPrefix: boolean;
}

interface Phrase {
  readonly text: string;
  /** Whether a longer last word will do. */
  readonly isOpen: boolean;
}

/** Where to look, beside the words. */
interface SearchScope {
  readonly roomIds?: readonly string[];
  /** Ids or usernames. */
  readonly users?: readonly string[];
  readonly sinceMs?: number;
  readonly untilMs?: number;
}

/** A quoted phrase, or a word. */
const pieces = /"([^"]*)"?|[^\s"]+/g;

/**
 * Reads what somebody typed: words that a message must all have, in any order, each whole but for one that ends in `*` and
 * the last; what stands in quotes as it is.
 *
 * @returns undefined when there is no word in it: nothing is looked for then
 */
export function parseQuery(
  typed: string,
  { roomIds, users, sinceMs, untilMs }: SearchScope = {},
): SearchQuery | undefined {
  const found = [...typed.matchAll(pieces)];
  const groups: TermGroup[] = [];
  const phrases: Phrase[] = [];
  for (const [index, { 0: piece, 1: quoted }] of found.entries()) {
    const text = quoted ?? piece;
    const parts = [...partsOf(text)];
    const isOpen = quoted === undefined && (index === found.length - 1 || piece.endsWith('*'));
    const words = parts.flatMap((part, at) =>
      wordsOfPart(part).map((term) => ({
        term,
        isPrefix: (isOpen && at === parts.length - 1) || (part.isUnspaced && isOneSign(part.text)),
      })),
    );
    groups.push(...words.map((term) => [term]));
    // One word is found by itself; of several it matters that one stands behind the other.
    if (words.length > 1) phrases.push({ text: phraseText(text), isOpen });
  }
  if (groups.length === 0) return undefined;
  const exactly = (term: string): QueryTerm => ({ term, isPrefix: false });
  if (roomIds !== undefined) groups.push(roomIds.map((id) => exactly(roomTerm(id))));
  if (users !== undefined) groups.push(users.map((user) => exactly(userTerm(user))));
  return { groups, phrases, sinceMs: sinceMs ?? -Infinity, untilMs: untilMs ?? Infinity };
}

/** Whether a text holds the phrase, with or without the marks of its letters. */
export function holdsPhrase(text: string, phrase: Phrase): boolean {
  const joined = phraseText(text);
  return holds(joined, phrase) || holds(withoutMarks(joined), phrase);
}

const wordSign = /[\p{L}\p{M}\p{N}_]/u;

function holds(joined: string, { text, isOpen }: Phrase): boolean {
  for (let at = joined.indexOf(text); at >= 0; at = joined.indexOf(text, at + 1)) {
    const end = at + text.length;
    if (isBorder(joined, at) && (isOpen || isBorder(joined, end))) return true;
  }
  return false;
}

/** Between two words: at a space, an end, or beside a sign of a script that has no spaces. */
function isBorder(joined: string, at: number): boolean {
  const last = /.$/su.exec(joined.slice(Math.max(0, at - 2), at))?.[0] ?? '';
  const first = /^./su.exec(joined.slice(at, at + 2))?.[0] ?? '';
  if (!wordSign.test(last) || !wordSign.test(first)) return true;
  return [...partsOf(last + first)].some(({ isUnspaced }) => isUnspaced);
}
