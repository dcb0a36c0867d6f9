/** One element of DER (X.690): what it is, and what is in it. */
export interface DerElement {
  /** Class, form and number in one byte, as `0x30`: a SEQUENCE. */
  readonly tag: number;
  readonly content: Buffer;
}

/** Writes one element. @param parts of its content, less than 128 bytes in all: longer ones are only read here */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length > 127) throw new Error(`An element of ${content.length} bytes is not written here`);
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
}

/** The elements that stand one behind the other. @throws RangeError for bytes that are no DER */
export function readDer(bytes: Buffer): readonly DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes.readUInt8(at);
    const first = bytes.readUInt8(at + 1);
    // 0x80 is BER's unknown length, more than four bytes are more than a file holds.
    if (first === 0x80 || first > 0x84) throw new RangeError('No length of DER');
    const lengthBytes = first < 0x80 ? 0 : first - 0x80;
    const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
    const begin = at + 2 + lengthBytes;
    if (begin + length > bytes.length) throw new RangeError('It ends too early');
    elements.push({ tag, content: bytes.subarray(begin, begin + length) });
    at = begin + length;
  }
  return elements;
}
