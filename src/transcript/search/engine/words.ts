/** Longer words are found by their beginning. */
const longestWord = 64;

const runs = /[\p{L}\p{M}\p{N}_]+/gu;

/** Scripts that put no spaces between words: of those every pair of neighbours is a word. */
const unspaced = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;
const unspacedOrNot =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\u30fc]+|[^\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\u30fc]+/gu;

/** A stretch of letters and digits of a text, as it is compared: without regard to case and to forms of the same sign. */
interface TextPart {
  readonly text: string;
  readonly isUnspaced: boolean;
  /** Where the stretch that it is of begins and ends in the text. */
  readonly from: number;
  readonly to: number;
}

/** The stretches of a text, in its order. */
export function* partsOf(text: string): Generator<TextPart> {
  for (const { 0: run, index: from } of text.matchAll(runs)) {
    const to = from + run.length;
    if (isAscii(run)) {
      yield { text: run.toLowerCase(), isUnspaced: false, from, to };
      continue;
    }
    // Composed to one form, ½ has a sign in it that is no letter.
    for (const [part] of run.normalize('NFKC').toLowerCase().matchAll(runs)) {
      for (const [piece] of part.matchAll(unspacedOrNot)) {
        yield { text: piece, isUnspaced: unspaced.test(piece), from, to };
      }
    }
  }
}

/** What a text is found by, some of it more than once. */
export function* wordsOf(text: string): Generator<string> {
  for (const part of partsOf(text)) {
    if (part.isUnspaced) {
      yield* pairsOf(part.text);
      continue;
    }
    const word = cut(part.text);
    yield word;
    const bare = withoutMarks(word);
    if (bare !== word && bare !== '') yield bare;
  }
}

/** Neighbours two by two, and the last sign alone: so each sign is the beginning of a word. */
function* pairsOf(text: string): Generator<string> {
  const signs = Array.from(text);
  for (const [at, sign] of signs.entries()) yield sign + (signs[at + 1] ?? '');
}

/** Whether a text is one sign, however many units that takes. */
export function isOneSign(text: string): boolean {
  const [sign] = text.matchAll(/./gsu);
  return sign?.[0] === text;
}

/** Words that a text must have to hold this stretch; of one sign, what a word must begin with. */
export function wordsOfPart({ text, isUnspaced }: TextPart): readonly string[] {
  if (!isUnspaced) return [cut(text)];
  const pairs = [...pairsOf(text)];
  return pairs.length === 1 ? pairs : pairs.slice(0, -1);
}

/** A text as phrases are looked for in it: its stretches, with a space between two that are not one behind the other. */
export function phraseText(text: string): string {
  let joined = '';
  for (const part of partsOf(text)) joined += joined === '' ? part.text : ` ${part.text}`;
  return joined;
}

/** `é` as `e`. */
export function withoutMarks(text: string): string {
  return isAscii(text) ? text : text.normalize('NFKD').replaceAll(/\p{M}/gu, '');
}

function cut(word: string): string {
  if (word.length <= longestWord) return word;
  const end = word.charCodeAt(longestWord - 1);
  // Not through the middle of a sign of two units.
  return word.slice(0, end >= 0xd800 && end < 0xdc00 ? longestWord - 1 : longestWord);
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}
