import stringWidth from 'string-width';

/** Behind a space, and within names (`ops-oncall`, `chat.getMentionedMessages`), but not within dates and numbers. */
const breaks = /(?<=\s)|(?<=\p{L}[./_-])(?=\p{L})/u;

/** The longest part of a text that stays on one line if there is room for it. */
export function longestPart(text: string): number {
  return Math.max(0, ...text.split(breaks).map((part) => stringWidth(part.trimEnd())));
}

/** The lines of a text in so many columns; a part that is longer than a line is cut. */
export function wrappedLines(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of text.split(breaks)) {
    if (stringWidth((line + part).trimEnd()) <= columns) {
      line += part;
      continue;
    }
    if (line.trim() !== '') lines.push(line.trimEnd());
    line = '';
    for (const character of part) {
      if (stringWidth((line + character).trimEnd()) > columns) {
        lines.push(line);
        line = '';
      }
      line += character;
    }
  }
  return [...lines, line.trimEnd()];
}

/** A paragraph as it fits the terminal; as it is where there is none (null). @param indent of all lines but the first */
export function wrapped(text: string, columns: number | null, indent = ''): string {
  if (columns === null || stringWidth(text) <= columns) return text;
  return wrappedLines(text, columns - stringWidth(indent)).join(`\n${indent}`);
}

/** What is quoted, such as a command, with what stands at it; else a word. */
const words = /(?:`[^`]*`|"[^"]*"|\S)+\s*/g;

/**
 * The lines of a log line in so many columns. Words, paths and what is quoted stay whole, to be copied: the terminal itself
 * breaks those that are longer than a line. What begins with a space, as the lines of a stack, stays as it is.
 *
 * @param indent of all lines but the first
 */
export function wrappedWords(text: string, columns: number, indent: string): readonly string[] {
  if (stringWidth(text) <= columns || /^\s/.test(text)) return [text];
  const room = columns - stringWidth(indent);
  const parts = (text.match(words) ?? []).flatMap((part) =>
    stringWidth(part.trimEnd()) > room ? part.split(/(?<=\s)/) : [part],
  );
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    if (line !== '' && stringWidth((line + part).trimEnd()) > columns) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += part;
  }
  return [...lines, line.trimEnd()];
}
