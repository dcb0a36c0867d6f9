/** A UTF-16 unit takes up to three bytes of UTF-8, and six of JSON: `\u001f`. */
const mostBytesPerUnit = 6;
/** Of longer texts a call of Node's own encoder costs less than a loop over them. */
const longTextUnits = 1024;
/** Longer bytes are copied by a call, shorter ones in a loop. */
const longPieceBytes = 32;

const [quote, backslash, letterU, digitZero] = [0x22, 0x5c, 0x75, 0x30];
const firstPrintable = 0x20;
const [twoBytesFrom, threeBytesFrom] = [0x80, 0x800];
const [surrogatesFrom, lowSurrogatesFrom, behindSurrogates] = [0xd800, 0xdc00, 0xe000];
const replacement = 0xfffd;

/** What JSON.stringify writes behind the backslash, by control character; 0: `u` and four digits. Source: ECMA-262, QuoteJSONString. */
const letters = new Uint8Array(firstPrintable);
for (const [control, letter] of ['\bb', '\tt', '\nn', '\ff', '\rr']) {
  if (control !== undefined && letter !== undefined) letters[control.charCodeAt(0)] = letter.charCodeAt(0);
}

/**
 * UTF-8 that is put together piece by piece, in memory that is used over and over and grows where a piece needs it. A string of
 * the whole would be copied twice on its way to bytes, and take twice the memory as soon as one character needs two bytes.
 * Half surrogate pairs become U+FFFD.
 */
export class TextBuffer {
  readonly #usualSizeBytes: number;
  #bytes: Buffer;
  #used = 0;

  /** @param usualSizeBytes what it keeps when it has been emptied */
  constructor(usualSizeBytes: number) {
    this.#usualSizeBytes = usualSizeBytes;
    this.#bytes = Buffer.allocUnsafe(usualSizeBytes);
  }

  /** Of what has been put in since it was emptied. */
  get sizeBytes(): number {
    return this.#used;
  }

  /** Empties it. The bytes hold until the next ones are put in. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#used);
    this.#used = 0;
    if (this.#bytes.length > this.#usualSizeBytes) this.#bytes = Buffer.allocUnsafe(this.#usualSizeBytes);
    return taken;
  }

  /** UTF-8 that was made before. */
  put(piece: Uint8Array): void {
    this.#reserve(piece.length);
    const bytes = this.#bytes;
    if (piece.length > longPieceBytes) {
      bytes.set(piece, this.#used);
    } else {
      for (let at = 0; at < piece.length; at += 1) bytes[this.#used + at] = piece[at] ?? 0;
    }
    this.#used += piece.length;
  }

  /** A text as it is. */
  putText(text: string): void {
    // Asked for once: strings are of so many kinds that V8 looks for the length anew each time.
    const { length } = text;
    this.#reserve(length * mostBytesPerUnit);
    if (length > longTextUnits) {
      this.#used += this.#bytes.write(text, this.#used);
      return;
    }
    const bytes = this.#bytes;
    let used = this.#used;
    for (let at = 0; at < length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit >= twoBytesFrom) {
        this.#used = used;
        this.#used += bytes.write(at === 0 ? text : text.slice(at), used);
        return;
      }
      bytes[used] = unit;
      used += 1;
    }
    this.#used = used;
  }

  /** A text as JSON has it: in quotes, and escaped as JSON.stringify does. */
  putJson(text: string): void {
    const { length } = text;
    this.#reserve(length * mostBytesPerUnit + 2);
    const bytes = this.#bytes;
    let used = this.#used;
    bytes[used++] = quote;
    for (let at = 0; at < length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit < twoBytesFrom) {
        if (unit === quote || unit === backslash) {
          bytes[used++] = backslash;
          bytes[used++] = unit;
        } else if (unit >= firstPrintable) {
          bytes[used++] = unit;
        } else {
          used = putControl(bytes, used, unit);
        }
      } else if (unit < threeBytesFrom) {
        bytes[used++] = 0xc0 | (unit >> 6);
        bytes[used++] = 0x80 | (unit & 0x3f);
      } else {
        const point = unit < surrogatesFrom || unit >= behindSurrogates ? unit : pointAt(text, at);
        if (point > 0xffff) {
          at += 1;
          bytes[used++] = 0xf0 | (point >> 18);
          bytes[used++] = 0x80 | ((point >> 12) & 0x3f);
        } else {
          bytes[used++] = 0xe0 | (point >> 12);
        }
        bytes[used++] = 0x80 | ((point >> 6) & 0x3f);
        bytes[used++] = 0x80 | (point & 0x3f);
      }
    }
    bytes[used++] = quote;
    this.#used = used;
  }

  #reserve(sizeBytes: number): void {
    if (this.#used + sizeBytes <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(2 * this.#bytes.length + sizeBytes);
    grown.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = grown;
  }
}

/** @returns behind it */
function putControl(bytes: Buffer, from: number, unit: number): number {
  let used = from;
  bytes[used++] = backslash;
  const letter = letters[unit] ?? 0;
  if (letter !== 0) {
    bytes[used++] = letter;
    return used;
  }
  bytes[used++] = letterU;
  bytes[used++] = digitZero;
  bytes[used++] = digitZero;
  bytes[used++] = digitZero + (unit >> 4);
  bytes[used++] = (unit & 0xf).toString(16).charCodeAt(0);
  return used;
}

/** The code point of the pair of surrogates that begins there; of half a pair the one that says that something is missing. */
function pointAt(text: string, at: number): number {
  const point = text.codePointAt(at) ?? replacement;
  return point > 0xffff && text.charCodeAt(at) < lowSurrogatesFrom ? point : replacement;
}
