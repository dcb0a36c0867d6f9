/** Octets of a line that ends in CRLF: RFC 5322, 2.1.1 recommends at most 78. */
const longestLine = 76;

/** Of an encoded word at most 75 (RFC 2047, 2): 45 bytes in base64 and `=?UTF-8?B?…?=` around them. */
const bytesPerWord = 42;

/**
 * A header, folded; what is not plain ASCII becomes encoded words (RFC 2047), so that nothing in a name ends a line.
 *
 * @param parts of its value, between which it may be folded
 */
export function headerLine(name: string, parts: readonly string[]): string {
  let lines = `${name}:`;
  let length = lines.length;
  for (const part of parts) {
    if (length + 1 + part.length > longestLine && length > name.length + 1) {
      lines += '\r\n';
      length = 0;
    }
    lines += ` ${part}`;
    length += 1 + part.length;
  }
  return `${lines}\r\n`;
}

/** Words of a header's text. */
export function textParts(text: string): readonly string[] {
  if (
    /^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(text) &&
    !text.includes('=?') &&
    text.split(' ').every(({ length }) => length < 60)
  )
    return text.split(' ');
  return encodedWords(text);
}

/** A name and an address, such as a header `To` lists. */
export function mailboxParts(display: string, address: string): readonly string[] {
  const isPlain = /^[A-Za-z0-9]+( [A-Za-z0-9]+)*$/.test(display) && display.length < 60;
  return [...(isPlain ? display.split(' ') : encodedWords(display)), `<${address}>`];
}

/** Signs are not cut in two: each word is a text of its own. */
function encodedWords(text: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  // What ends a line, and other control characters, no reader is to see again when it decodes them.
  for (const sign of text.replaceAll(/[\0-\x1f\x7f]/g, ' ')) {
    if (Buffer.byteLength(word + sign) > bytesPerWord) {
      words.push(word);
      word = '';
    }
    word += sign;
  }
  if (word !== '' || words.length === 0) words.push(word);
  return words.map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`);
}

/** The headers of a part that is encoded as base64Lines does. */
export function mimeHeaders(type: readonly string[], disposition: readonly string[]): string {
  return [
    headerLine('Content-Type', type),
    headerLine('Content-Disposition', disposition),
    headerLine('Content-Transfer-Encoding', ['base64']),
  ].join('');
}

/** Characters of a value in a piece: with the name of the piece it fits a line. */
const charsPerPiece = 54;

/** The name of a file as parameters of a header: of signs beyond ASCII, or long, in numbered pieces (RFC 2231, 3 and 4). */
export function fileNameParts(name: string): readonly string[] {
  if (/^[\w. -]+$/.test(name) && name.length <= charsPerPiece) return [`filename="${name}"`];
  const encoded = [...Buffer.from(name)].map((byte) =>
    /[A-Za-z0-9.-]/.test(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`,
  );
  const pieces = [''];
  for (const sign of encoded) {
    const last = pieces.at(-1) ?? '';
    if (last.length + sign.length > charsPerPiece) pieces.push(sign);
    else pieces[pieces.length - 1] = last + sign;
  }
  return pieces.map(
    (piece, at) => `filename*${at}*=${at === 0 ? "UTF-8''" : ''}${piece}${at < pieces.length - 1 ? ';' : ''}`,
  );
}

const bytesPerLine = (longestLine / 4) * 3;

/** Bytes as lines of base64. */
export async function* base64Lines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % bytesPerLine);
    rest = bytes.subarray(whole);
    if (whole > 0) yield linesOf(bytes.subarray(0, whole));
  }
  if (rest.length > 0) yield linesOf(rest);
}

function linesOf(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('base64').replaceAll(/.{1,76}/g, '$&\r\n'));
}
