import { parse } from '@rocket.chat/message-parser';
import { isRecord } from '../../model/json/is-record.ts';

/** The parser takes the square of a word's length: 0.4 s for 1,600 letters. A word that is longer is no markup. */
const longestWord = /\S{500}/;

/** Its time grows with the text, too; the server's own limit is 5,000 (Message_MaxAllowedSize) unless it was raised. */
const longestText = 20_000;

/** What the server parses with, where its settings are the usual ones. Source: BeforeSaveMarkdownParser.ts */
const options = { colors: true, emoticons: true, katex: { dollarSyntax: false, parenthesisSyntax: true } };

/** Signs that may make markup of several words, and what no line of words holds. */
const spanning = /[*_~`[\]|<>\\\t\r]|color:#|^[ ]*$/m;

/** What begins a list or a heading, where it is the first word of a line. */
const opening = /^(?:#{1,4}|-|\d+\.)(?: |$)/m;

/** A word in which the parser finds nothing, and where it stands plays no role: neither an address nor a sign of the dingbats. */
const plainWord = /^(?!localhost)(?:(?![\u2300-\u27bf])[\p{L}\p{M}\p{N},?!%€'"“”„…–—-])*[.,?!…]*$/u;

type Known = Map<string, readonly unknown[] | null>;

/** What the parser made of words and of short texts that come again and again: mentions, codes of emoji, times of day. */
const knownWords: Known = new Map();
const knownTexts: Known = new Map();
const mostKnown = 10_000;
const longestKnown = 100;

/**
 * The tree that the server's own parser makes of a message's text; null where the text is to be shown as it is, because it
 * holds no markup, or is too long to look for it.
 *
 * The parser takes a hundred times as long as what it parses is read in. So it is asked only where it may find something:
 * for single words, where no sign in the text spans several.
 */
export function parseMsg(msg: string): unknown {
  if (msg.length > longestText || longestWord.test(msg)) return null;
  if (spanning.test(msg) || opening.test(msg)) return parsed(msg);
  const words = msg.split('\n').map((line) => line.split(' '));
  // A text of nothing but emoji is another tree.
  if (!words.flat().some((word) => word !== '' && plainWord.test(word))) return parsed(msg);
  const lines = words.map(inlinesOf);
  const [first] = lines;
  if (lines.length === 1 && first?.length === 1 && first[0] === msg) return null;
  return lines.map((nodes) => ({
    type: 'PARAGRAPH',
    value: nodes.map((node) => (typeof node === 'string' ? plainText(node) : node)),
  }));
}

/** The parts of a line: texts are plain. */
function inlinesOf(words: readonly string[]): readonly unknown[] {
  const nodes: unknown[] = [];
  let text = '';
  const add = (node: unknown): void => {
    const plain = textOf(node);
    if (plain !== undefined) {
      text += plain;
      return;
    }
    if (text !== '') nodes.push(text);
    text = '';
    nodes.push(node);
  };
  for (const [at, word] of words.entries()) {
    if (at > 0) text += ' ';
    if (plainWord.test(word)) text += word;
    else wordNodes(word).forEach(add);
  }
  if (text !== '') nodes.push(text);
  return nodes;
}

/** What is found in a word that stands among others. */
function wordNodes(word: string): readonly unknown[] {
  // As it is found between two words: alone, it may be a whole text of emoji.
  const nodes = remembered(knownWords, word, () => {
    const [paragraph] = asked(`a ${word} a`) ?? [];
    const value: readonly unknown[] =
      isRecord(paragraph) && Array.isArray(paragraph['value']) ? paragraph['value'] : [];
    const [first, last] = [textOf(value[0]), textOf(value.at(-1))];
    if (first?.startsWith('a ') !== true || last?.endsWith(' a') !== true) return null;
    if (value.length === 1) return [plainText(first.slice(2, -2))];
    return [plainText(first.slice(2)), ...value.slice(1, -1), plainText(last.slice(0, -2))].filter(
      (node) => textOf(node) !== '',
    );
  });
  return nodes ?? [plainText(word)];
}

function parsed(msg: string): readonly unknown[] | null {
  return remembered(knownTexts, msg, () => asked(msg));
}

function asked(msg: string): readonly unknown[] | null {
  try {
    return parse(msg, options);
  } catch {
    // Whatever the parser does not understand is text.
    return null;
  }
}

function remembered(known: Known, text: string, find: () => readonly unknown[] | null): readonly unknown[] | null {
  const before = known.get(text);
  if (before !== undefined) return before;
  const found = find();
  if (text.length > longestKnown) return found;
  if (known.size >= mostKnown) known.clear();
  // What was cut out of a line would keep all of it in memory.
  known.set(Buffer.from(text).toString(), found);
  return found;
}

function plainText(value: string) {
  return { type: 'PLAIN_TEXT', value };
}

function textOf(node: unknown): string | undefined {
  return isRecord(node) && node['type'] === 'PLAIN_TEXT' && typeof node['value'] === 'string'
    ? node['value']
    : undefined;
}
