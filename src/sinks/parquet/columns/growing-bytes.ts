const smallestBytes = 64;

/** Bytes to append to, in one buffer that doubles when it is full, and is filled again once its content was taken. */
export class GrowingBytes {
  /** Of which the first `length` are in use. Another one after `reserve`. */
  bytes: Buffer = Buffer.allocUnsafe(smallestBytes);
  length = 0;

  /** Makes room for so many more. */
  reserve(sizeBytes: number): void {
    const needed = this.length + sizeBytes;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  appendByte(byte: number): void {
    this.reserve(1);
    this.bytes[this.length] = byte;
    this.length += 1;
  }

  appendRange(bytes: Uint8Array, start: number, end: number): void {
    this.reserve(end - start);
    this.bytes.set(bytes.subarray(start, end), this.length);
    this.length += end - start;
  }

  /** What is in it, to be looked at until something is appended. */
  content(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }
}
