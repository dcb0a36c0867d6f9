/** A double tells any two numbers of fewer digits apart. */
const longDigits = 16;
/** Below, a double has fewer digits, and at last none. */
const leastNormal = 2 ** -1022;

/** Of a number that may be too large or too small for a double; within a text only where a separator follows. */
const exponent = /\d[eE][+-]?\d{3,}(?:[\s,\]}]|$)/;
const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

const [zero, nine, point, minus, quote, backslash] = [0x30, 0x39, 0x2e, 0x2d, 0x22, 0x5c];

/**
 * Whether a JSON text may hold a number that no double holds, seen by one character in sixteen. `true` also for texts of
 * digits.
 */
export function mayHoldLongNumber(text: string): boolean {
  const { length } = text;
  for (let at = longDigits - 1; at < length; at += longDigits) {
    if (isDigitOrPoint(text, at) && isInLongRun(text, at)) return true;
  }
  return exponent.test(text);
}

/** Whether it holds one, outside its texts. @param text is JSON */
export function holdsLongNumber(text: string): boolean {
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfText(text, at);
    } else if (code === minus || (code >= zero && code <= nine)) {
      number.lastIndex = at;
      const [token = ''] = number.exec(text) ?? [];
      if (isLongNumber(token)) return true;
      at += token.length;
    } else {
      at += 1;
    }
  }
  return false;
}

/** Whether a double would be another number than the one written; `1.0` and `1e2` are only written in another way. */
export function isLongNumber(token: string): boolean {
  if (token.length < longDigits && !exponent.test(token)) return false;
  const double = Number(token);
  if (String(double) === token) return false;
  const [digits = ''] = token.split(/[eE]/);
  if (digits.replaceAll(/\D/g, '').length >= longDigits) return true;
  return !Number.isFinite(double) || (Math.abs(double) < leastNormal && /[1-9]/.test(digits));
}

function isDigitOrPoint(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code >= zero && code <= nine) || code === point;
}

/** Whether the digits and points around one are that many. Then half of them are on one side of it. */
function isInLongRun(text: string, at: number): boolean {
  if (!isDigitOrPoint(text, at - longDigits / 2) && !isDigitOrPoint(text, at + longDigits / 2)) return false;
  let from = at;
  while (isDigitOrPoint(text, from - 1)) from -= 1;
  let to = at + 1;
  while (to - from < longDigits && isDigitOrPoint(text, to)) to += 1;
  return to - from >= longDigits;
}

/** @param at of the quote that begins it @returns behind the one that ends it */
function endOfText(text: string, at: number): number {
  let end = at + 1;
  for (let code = text.charCodeAt(end); code !== quote; code = text.charCodeAt(end)) end += code === backslash ? 2 : 1;
  return end + 1;
}
