import { Lexer } from 'yaml';

/** The parser recurses, and a few thousand levels end the whole process; a job file needs five. */
export const maxDepth = 32;
/** Offset of the token that opens one level too many. Indentation alone cannot: a file's size bounds it. */
export function firstTooDeep(text: string): number | undefined {
  let offset = 0;
  let flow = 0;
  let onLine = 0;
  let inScalar = false;
  for (const token of new Lexer().lex(text)) {
    // U+0002, U+0018 and U+001F are the lexer's own marks (document, flow error, plain scalar), not part of the text.
    const isMark = token === '\u0002' || token === '\u0018' || token === '\u001f';
    if (!inScalar) {
      if (token === '[' || token === '{') flow += 1;
      else if (token === ']' || token === '}') flow = Math.max(0, flow - 1);
      else if (token === '-' || token === '?') onLine += 1;
      else if (token === '\n') onLine = 0;
      if (flow + onLine > maxDepth) return offset;
    }
    inScalar = token === '\u001f';
    if (!isMark) offset += token.length;
  }
  return undefined;
}
