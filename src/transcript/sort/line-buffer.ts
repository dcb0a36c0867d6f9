/** What is written at once. */
const pieceBytes = 256 * 1024;

/** A code unit takes no more of UTF-8. */
const bytesPerUnit = 3;

const lineFeed = 10;

/**
 * Lines in memory as the bytes that they are in a file, beside the heap: a million texts that live until they are sorted
 * would be moved about in it, and lie there long after.
 */
export class LineBuffer {
  readonly #mostBytes: number;
  #bytes: Buffer;
  #used = 0;
  /** Where each line begins, in the order in which they came. */
  #starts: number[] = [];
  /** Places in `starts`; undefined: not sorted yet. */
  #order: readonly number[] | undefined;

  /** @param mostBytes of lines with what ends them; one that is longer is alone */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
    this.#bytes = Buffer.allocUnsafeSlow(Math.min(64 * 1024, mostBytes));
  }

  /** Returns whether there was room for it. @param line without line feeds */
  add(line: string): boolean {
    const most = line.length * bytesPerUnit + 1;
    if (this.#used + most > this.#bytes.length && !this.#grow(line)) return false;
    this.#starts.push(this.#used);
    this.#used += this.#bytes.write(line, this.#used);
    this.#bytes[this.#used] = lineFeed;
    this.#used += 1;
    return true;
  }

  /** The first line in order; undefined: there is none. */
  first(): Buffer | undefined {
    const [first] = this.#sort();
    return first === undefined ? undefined : Buffer.from(this.#line(first).subarray(0, -1));
  }

  /** The lines in order, without what ends them. */
  *sorted(): Generator<string> {
    for (const at of this.#sort()) yield this.#bytes.toString('utf8', this.#starts[at], this.#endOf(at) - 1);
  }

  /** The same as the bytes of a file. What is yielded holds until the next one. */
  *pieces(): Generator<Uint8Array> {
    const order = this.#sort();
    if (order.every((at, place) => at === place)) {
      yield this.#bytes.subarray(0, this.#used);
      return;
    }
    const piece = Buffer.allocUnsafeSlow(pieceBytes);
    let used = 0;
    for (const at of order) {
      const line = this.#line(at);
      if (used + line.length > piece.length) {
        yield piece.subarray(0, used);
        used = 0;
      }
      if (line.length > piece.length) yield line;
      else used += line.copy(piece, used);
    }
    yield piece.subarray(0, used);
  }

  clear(): void {
    this.#used = 0;
    this.#starts = [];
    this.#order = undefined;
  }

  #line(at: number): Buffer {
    return this.#bytes.subarray(this.#starts[at], this.#endOf(at));
  }

  #endOf(at: number): number {
    return this.#starts[at + 1] ?? this.#used;
  }

  #sort(): readonly number[] {
    if (this.#order !== undefined) return this.#order;
    const [bytes, starts] = [this.#bytes, this.#starts];
    const compare = (a: number, b: number): number =>
      bytes.compare(bytes, starts[b], this.#endOf(b) - 1, starts[a], this.#endOf(a) - 1);
    return (this.#order = Array.from(starts.keys()).sort(compare));
  }

  /** Returns false where there are as many bytes as there may be. */
  #grow(line: string): boolean {
    const needed = this.#used + line.length * bytesPerUnit + 1;
    if (this.#used > 0 && needed > this.#mostBytes) return false;
    const size = Math.max(needed, Math.min(this.#bytes.length * 2, this.#mostBytes));
    if (size <= this.#bytes.length) return true;
    const grown = Buffer.allocUnsafeSlow(size);
    this.#bytes.copy(grown, 0, 0, this.#used);
    this.#bytes = grown;
    return true;
  }
}
