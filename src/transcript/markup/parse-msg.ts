import { parse } from '@rocket.chat/message-parser';
import { ownCopy } from '../../model/text/own-copy.ts';
import { isRecord } from '../../model/json/is-record.ts';

/** The parser takes the square of a word's length: 0.4 s for 1,600 letters. A word that is longer is no markup. */
const longestWord = 500;
const longWord = /\S{500}/;

/** Its time grows with the text, too; the server's own limit is 5,000 (Message_MaxAllowedSize) unless it was raised. */
const longestText = 20_000;

/** What the server parses with, where its settings are the usual ones. Source: BeforeSaveMarkdownParser.ts */
const options = { colors: true, emoticons: true, katex: { dollarSyntax: false, parenthesisSyntax: true } };

/** What the parser reads across lines, or by its place in one. Lines that begin with a space may be any of it. */
const blocks = /[|<>\\\t\r]|```|color:#|^ *$|^ .*[*_~`[\]]|^(?:#{1,4}|\*)(?: |$)|^(?:-|\d+\.)(?: ? ?$| {2}| \[)/m;

/** A line of a list; behind it stands what any other line may hold. */
const item = /^(?:-|(\d+)\.) (?=\S)/;

/** Words of a sentence, in which there is nothing to be found: many messages are no more than that. */
const plainWords = /^[A-Za-z][A-Za-z0-9 ,?!%'"]*\.*$/;

/** Signs that may make markup of the words of a line, from the first of them to the last. */
const signs = /[*_~`[\]]/;

/** At the beginning of a line the parser finds less behind a sign than within it, where emoji are among the letters: `_✅a_a`. */
const signsAtFirst = /^(?:- |\d+\. )?(?=\S*[*_~`[\]])\S*[^\x20-\x7e\s]/m;

/** What clients put before a text that quotes; of addresses those that every parser reads alike. */
const quoteLink = /^\[ \]\((https?:\/\/[\w.-]+(?::\d+)?(?:\/[\w.%-]+)*\/?(?:\?msg=\w+)?)\)(?= )/;

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
 * for single words, and for those between signs that may span several.
 */
export function parseMsg(msg: string): unknown {
  if (msg.length > longestText || (msg.length >= longestWord && longWord.test(msg))) return null;
  if (plainWords.test(msg) && !msg.includes('localhost')) return null;
  if (blocks.test(msg) || signsAtFirst.test(msg)) return parsed(msg);
  // The words of a link may stand in several lines.
  if (msg.includes('\n') && msg.includes('[', quoteLink.exec(msg)?.[0].length ?? 0)) return parsed(msg);
  const lines = msg.split('\n').map(readLine);
  // A text of nothing but emoji is another tree.
  if (!lines.some(({ pieces }) => pieces.some(isNoEmoji))) return parsed(msg);
  const [first] = lines;
  if (lines.length === 1 && first?.mark === '') {
    const nodes = inlinesOf(first.pieces);
    return nodes.length === 1 && nodes[0] === msg ? null : [{ type: 'PARAGRAPH', value: nodes.map(nodeOf) }];
  }
  return blocksOf(lines);
}

/** A line of a text. @param mark what stands before an item of a list, else '' */
interface Line {
  readonly mark: string;
  readonly number: string | undefined;
  readonly pieces: readonly unknown[];
}

function readLine(line: string): Line {
  const [mark = '', number] = item.exec(line) ?? [];
  return { mark, number, pieces: piecesOf(line.slice(mark.length), mark === '') };
}

function isNoEmoji(piece: unknown): boolean {
  return typeof piece !== 'string' || (piece !== '' && plainWord.test(piece));
}

/** A paragraph for each line, a list for items of a kind that follow each other. */
function blocksOf(lines: readonly Line[]): readonly unknown[] {
  const found: { readonly type: string; readonly value: unknown[] }[] = [];
  for (const { mark, number, pieces } of lines) {
    const value = inlinesOf(pieces).map(nodeOf);
    if (mark === '') {
      found.push({ type: 'PARAGRAPH', value });
      continue;
    }
    const type = number === undefined ? 'UNORDERED_LIST' : 'ORDERED_LIST';
    const node = { type: 'LIST_ITEM', value, ...(number !== undefined && { number: Number(number) }) };
    const last = found.at(-1);
    if (last?.type === type) last.value.push(node);
    else found.push({ type, value: [node] });
  }
  return found;
}

function nodeOf(part: unknown): unknown {
  return typeof part === 'string' ? plainText(part) : part;
}

/** What stands between the spaces of a line: words, in which there may be several where signs span them; or what was found. */
function piecesOf(line: string, mayQuote: boolean): readonly unknown[] {
  const [whole = '', address] = (mayQuote ? quoteLink.exec(line) : null) ?? [];
  const link =
    address === undefined ? [] : [{ type: 'LINK', value: { src: plainText(address), label: [plainText(' ')] } }];
  const words = (address === undefined ? line : line.slice(whole.length + 1)).split(' ');
  const isSign = (word: string): boolean => signs.test(word);
  const begin = words.findIndex(isSign);
  if (begin < 0) return [...link, ...words];
  const end = words.findLastIndex(isSign) + 1;
  return [...link, ...words.slice(0, begin), words.slice(begin, end).join(' '), ...words.slice(end)];
}

/** The parts of a line: texts are plain. */
function inlinesOf(pieces: readonly unknown[]): readonly unknown[] {
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
  for (const [at, piece] of pieces.entries()) {
    if (at > 0) text += ' ';
    if (typeof piece !== 'string') add(piece);
    else if (plainWord.test(piece)) text += piece;
    else wordNodes(piece).forEach(add);
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

/** Leaves the parser as it was at first: emphasis that begins with an emoji and does not end sets what the next text meets. */
const settling = '*a* _a_ ~a~';
const emphasis = /[*_~]/;
const otherSign = /[^\w\s.,*~]/;
let isSettled = true;

/** The same for the same text, whatever was parsed before. */
function asked(msg: string): readonly unknown[] | null {
  if (!isSettled) parse(settling, options);
  isSettled = !(emphasis.test(msg) && otherSign.test(msg));
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
  known.set(ownCopy(text), found);
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
