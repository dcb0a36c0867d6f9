import type { DiskReader } from '../../system/disk-reader.ts';
import type { Disk } from '../../system/disk.ts';

/** A file of sorted lines. */
export interface SortedFile {
  readonly path: string;
  /** The first of them: until it is due, the file is not opened. */
  readonly first: Buffer;
}

/** So much of a file is in memory: a million messages are in a hundred files. */
const pieceBytes = 64 * 1024;

const lineFeed = 10;

/** Lines are handed on some at a time, for waiting costs as much as sorting a line; of long ones fewer. */
const linesAtOnce = 128;
const charsAtOnce = 256 * 1024;

/**
 * Merges files of sorted lines, or hands on those that never were in a file; equal lines come in the order of the files. In
 * memory: a piece of each file that has begun and is not over, which is one where they follow each other.
 */
export async function* mergeLines(
  disk: Disk,
  parts: () => Promise<{ readonly files: readonly SortedFile[]; readonly lines: Iterable<string> }>,
): AsyncGenerator<readonly string[]> {
  const heap: Source[] = [];
  const { files, lines } = await parts();
  for (const batch of batchesOf(lines)) yield batch;
  const sources = files.map((file, order) => new Source(disk, file, order));
  for (const source of sources) push(heap, source);
  try {
    let [batch, chars]: [string[], number] = [[], 0];
    for (let [first] = heap; first !== undefined; [first] = heap) {
      const { line } = first;
      batch.push(line);
      chars += line.length;
      if (batch.length === linesAtOnce || chars >= charsAtOnce) {
        yield batch;
        [batch, chars] = [[], 0];
      }
      if (!first.advance() && !(await first.refill())) {
        await first.close();
        const last = heap.pop();
        if (last === undefined || last === first) continue;
        heap[0] = last;
      }
      sink(heap);
    }
    if (batch.length > 0) yield batch;
  } finally {
    for (const source of sources) await source.close();
  }
}

function* batchesOf(lines: Iterable<string>): Generator<readonly string[]> {
  let [batch, chars]: [string[], number] = [[], 0];
  for (const line of lines) {
    batch.push(line);
    chars += line.length;
    if (batch.length < linesAtOnce && chars < charsAtOnce) continue;
    yield batch;
    [batch, chars] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** A file, and the line of it that is next. */
class Source {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #order: number;
  #reader: DiskReader | undefined;
  /** Of the file, up to where it was read. */
  #readBytes: number;
  #isOver = false;
  #piece: Buffer;
  /** Where the line lies in it. */
  #from = 0;
  #to: number;

  constructor(disk: Disk, { path, first }: SortedFile, order: number) {
    this.#disk = disk;
    this.#path = path;
    this.#order = order;
    this.#piece = first;
    this.#to = first.length;
    this.#readBytes = first.length + 1;
  }

  get line(): string {
    return this.#piece.toString('utf8', this.#from, this.#to);
  }

  isBefore(other: Source): boolean {
    const order = this.#piece.compare(other.#piece, other.#from, other.#to, this.#from, this.#to);
    return order < 0 || (order === 0 && this.#order < other.#order);
  }

  /** Goes on to the next line of the piece; false: there is none. */
  advance(): boolean {
    const from = this.#to + 1;
    const to = this.#piece.indexOf(lineFeed, from);
    if (to < 0) return false;
    [this.#from, this.#to] = [from, to];
    return true;
  }

  /** The same where the piece is over. */
  async refill(): Promise<boolean> {
    while (!this.#isOver) {
      this.#reader ??= await this.#disk.openToRead(this.#path);
      const read = await this.#reader.read(this.#readBytes, this.#readBytes + pieceBytes);
      this.#readBytes += read.length;
      this.#isOver = read.length < pieceBytes;
      this.#piece = Buffer.concat([this.#piece.subarray(this.#to + 1), read]);
      this.#to = -1;
      if (this.advance()) return true;
    }
    return false;
  }

  async close(): Promise<void> {
    await this.#reader?.close();
    this.#reader = undefined;
  }
}

function push(heap: Source[], source: Source): void {
  let at = heap.length;
  heap.push(source);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !source.isBefore(above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = source;
}

/** Puts the first source, whose line has changed, where it belongs. */
function sink(heap: Source[]): void {
  const [source] = heap;
  if (source === undefined) return;
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    const least = left !== undefined && right?.isBefore(left) === true ? right : left;
    if (least?.isBefore(source) !== true) break;
    heap[at] = least;
    at = least === left ? 2 * at + 1 : 2 * at + 2;
  }
  heap[at] = source;
}
