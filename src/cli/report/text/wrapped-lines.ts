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
