/** What stands in place of an offset where the bytes are no JSON, or are nested too deep. */
export const noEnd = -1;

export const chars = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  backslash: 0x5c,
  openBracket: 0x5b,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;

const { quote, comma, colon, backslash, openBracket, closeBracket, openBrace, closeBrace } = chars;
const [minus, point, plus, zero, nine, e, capitalE, u] = [0x2d, 0x2e, 0x2b, 0x30, 0x39, 0x65, 0x45, 0x75];
const firstPrintable = 0x20;
const [plain, ending, escaping, broken] = [0, 1, 2, 3];
/** What each byte is within a text. */
const roleInText = Uint8Array.from({ length: 256 }, (_, byte) => (byte < firstPrintable ? broken : plain));
roleInText[quote] = ending;
roleInText[backslash] = escaping;
/** Behind a backslash, except for `u`: `"\/bfnrt`. */
const escapable: ReadonlySet<number | undefined> = new Set([0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74]);
const literals = [Buffer.from('true'), Buffer.from('false'), Buffer.from('null')];

/**
 * Finds where a value of a JSON text ends, without making anything of it: in a fifth of the time of JSON.parse, and
 * nothing is left to the garbage collector. What ends here is what JSON.parse takes: bytes beyond ASCII stand in texts
 * only, where it takes any, and no part of a broken sequence of UTF-8 is ASCII.
 *
 * @param at of its first byte
 * @param levels of lists and objects that it may have
 * @returns the offset behind its last byte, or noEnd
 */
export function valueEnd(bytes: Uint8Array, at: number, levels: number): number {
  const first = bytes[at];
  if (first === quote) return textEnd(bytes, at);
  if (first === openBrace) return levels === 0 ? noEnd : objectEnd(bytes, at, levels - 1);
  if (first === openBracket) return levels === 0 ? noEnd : listEnd(bytes, at, levels - 1);
  if (first === minus || isDigit(first)) return numberEnd(bytes, at);
  return literalEnd(bytes, at);
}

/** @returns the offset of the first byte that is no space */
export function behindSpace(bytes: Uint8Array, at: number): number {
  let end = at;
  for (let byte = bytes[end]; byte !== undefined && byte <= firstPrintable; byte = bytes[end]) {
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return end;
    end += 1;
  }
  return end;
}

function textEnd(bytes: Uint8Array, at: number): number {
  for (let end = at + 1; end < bytes.length; end += 1) {
    const role = roleInText[bytes[end] ?? 0];
    if (role === plain) continue;
    if (role === ending) return end + 1;
    if (role === broken) return noEnd;
    const behindEscape = escapeEnd(bytes, end + 1);
    if (behindEscape === noEnd) return noEnd;
    end = behindEscape - 1;
  }
  return noEnd;
}

function escapeEnd(bytes: Uint8Array, at: number): number {
  if (escapable.has(bytes[at])) return at + 1;
  if (bytes[at] !== u) return noEnd;
  for (let digit = at + 1; digit <= at + 4; digit += 1) if (!isHexDigit(bytes[digit])) return noEnd;
  return at + 5;
}

function objectEnd(bytes: Uint8Array, at: number, levels: number): number {
  let end = behindSpace(bytes, at + 1);
  if (bytes[end] === closeBrace) return end + 1;
  for (;;) {
    if (bytes[end] !== quote) return noEnd;
    end = textEnd(bytes, end);
    if (end === noEnd) return noEnd;
    end = behindSpace(bytes, end);
    if (bytes[end] !== colon) return noEnd;
    end = valueEnd(bytes, behindSpace(bytes, end + 1), levels);
    if (end === noEnd) return noEnd;
    end = behindSpace(bytes, end);
    if (bytes[end] === closeBrace) return end + 1;
    if (bytes[end] !== comma) return noEnd;
    end = behindSpace(bytes, end + 1);
  }
}

function listEnd(bytes: Uint8Array, at: number, levels: number): number {
  let end = behindSpace(bytes, at + 1);
  if (bytes[end] === closeBracket) return end + 1;
  for (;;) {
    end = valueEnd(bytes, end, levels);
    if (end === noEnd) return noEnd;
    end = behindSpace(bytes, end);
    if (bytes[end] === closeBracket) return end + 1;
    if (bytes[end] !== comma) return noEnd;
    end = behindSpace(bytes, end + 1);
  }
}

function numberEnd(bytes: Uint8Array, at: number): number {
  const digits = bytes[at] === minus ? at + 1 : at;
  let end = bytes[digits] === zero ? digits + 1 : digitsEnd(bytes, digits);
  if (end !== noEnd && bytes[end] === point) end = digitsEnd(bytes, end + 1);
  if (end === noEnd || (bytes[end] !== e && bytes[end] !== capitalE)) return end;
  const sign = bytes[end + 1];
  return digitsEnd(bytes, sign === plus || sign === minus ? end + 2 : end + 1);
}

function digitsEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  while (isDigit(bytes[end])) end += 1;
  return end === at ? noEnd : end;
}

function literalEnd(bytes: Uint8Array, at: number): number {
  const literal = literals.find((word) => word.every((byte, index) => bytes[at + index] === byte));
  return literal === undefined ? noEnd : at + literal.length;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}

function isHexDigit(byte: number | undefined): boolean {
  // Letters of either case: 0x20 is all that they differ by.
  return isDigit(byte) || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}
