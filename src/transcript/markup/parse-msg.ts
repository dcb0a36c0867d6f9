import { parse } from '@rocket.chat/message-parser';

/**
 * One line of words and ordinary punctuation, without anything that the parser could make more of than a paragraph: nine of
 * ten messages, in a hundredth of the time. (`12. ` begins a list, `a.b` may be an address.)
 */
const plain = /^(?!\d+\.)[\p{L}\p{M}\p{N},?!;%€'"“”„…–—]+(?:[.,?!;…]* [\p{L}\p{M}\p{N},?!;%€'"“”„…–—]+)*[.,?!;…]*$/u;

/** The parser takes the square of a word's length: 0.4 s for 1,600 letters. A word that is longer is no markup. */
const longestWord = /\S{500}/;

/** Its time grows with the text, too; the server's own limit is 5,000 (Message_MaxAllowedSize) unless it was raised. */
const longestText = 20_000;

/** What the server parses with, where its settings are the usual ones. Source: BeforeSaveMarkdownParser.ts */
const options = { colors: true, emoticons: true, katex: { dollarSyntax: false, parenthesisSyntax: true } };

/**
 * The tree that the server's own parser makes of a message's text; null where the text is to be shown as it is, because it
 * holds no markup, or is too long to look for it.
 */
export function parseMsg(msg: string): unknown {
  if (plain.test(msg) || msg.length > longestText || longestWord.test(msg)) return null;
  try {
    return parse(msg, options);
  } catch {
    // Whatever the parser does not understand is text.
    return null;
  }
}
