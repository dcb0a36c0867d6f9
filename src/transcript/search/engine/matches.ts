import { isOfNoText, roomTerm, userTerm, type IndexedMessage } from './index-shape.ts';
import { holdsPhrase, type QueryTerm, type SearchQuery } from './search-query.ts';
import { wordsOf } from './words.ts';

/** What a message is found by. @param roomId of the room that it stands in */
export function termsOf(message: IndexedMessage, roomId: string): ReadonlySet<string> {
  const [, , , , , userId, username, , , , text, earlier] = message;
  const terms = new Set<string>([roomTerm(roomId)]);
  for (const user of [userId, username]) if (user !== '') terms.add(userTerm(user));
  for (const word of wordsOf(text)) terms.add(word);
  for (const word of wordsOf(earlier)) terms.add(word);
  return terms;
}

/** Whether a message is one that is looked for: what an index is there to say without looking at each. */
export function matches(message: IndexedMessage, roomId: string, query: SearchQuery): boolean {
  const sentMs = message[8];
  if (sentMs < query.sinceMs || sentMs >= query.untilMs) return false;
  const terms = termsOf(message, roomId);
  const isMet = ({ term, isPrefix }: QueryTerm): boolean =>
    terms.has(term) || (isPrefix && [...terms].some((known) => known.startsWith(term) && !isOfNoText(known)));
  return query.groups.every((group) => group.some(isMet)) && holdsPhrases(message, query);
}

/** Whether one of its texts has all phrases. */
export function holdsPhrases(message: IndexedMessage, { phrases }: SearchQuery): boolean {
  const [, , , , , , , , , , text, earlier] = message;
  return phrases.every((phrase) => holdsPhrase(text, phrase) || holdsPhrase(earlier, phrase));
}
