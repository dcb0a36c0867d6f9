import type { Disk } from '../../system/disk.ts';

interface Source {
  line: string;
  readonly rest: AsyncIterator<readonly string[]>;
  lines: readonly string[];
  next: number;
  readonly order: number;
}

/** So much of a file is in memory, and its lines beside it: a million messages are in a hundred files. */
const pieceBytes = 64 * 1024;

/** Merges files of sorted lines; equal lines come in the order of the files. In memory: a piece of each. */
export async function* mergeLines(disk: Disk, paths: readonly string[]): AsyncGenerator<string> {
  const heap: Source[] = [];
  const started = paths.map((path, order): Source => ({
    line: '',
    rest: linesOf(disk, path),
    lines: [],
    next: 0,
    order,
  }));
  try {
    for (const source of started) if (advance(source) || (await refill(source))) push(heap, source);
    for (let [first] = heap; first !== undefined; [first] = heap) {
      yield first.line;
      if (!advance(first) && !(await refill(first))) {
        const last = heap.pop();
        if (last === undefined || last === first) continue;
        heap[0] = last;
      }
      sink(heap);
    }
  } finally {
    for (const { rest } of started) await rest.return?.();
  }
}

function advance(source: Source): boolean {
  const line = source.lines[source.next];
  if (line === undefined) return false;
  source.line = line;
  source.next += 1;
  return true;
}

async function refill(source: Source): Promise<boolean> {
  for (;;) {
    const piece = await source.rest.next();
    if (piece.done === true) return false;
    source.lines = piece.value;
    source.next = 0;
    if (advance(source)) return true;
  }
}

async function* linesOf(disk: Disk, path: string): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let begun = '';
  const reader = await disk.openToRead(path);
  try {
    for (let at = 0; ; at += pieceBytes) {
      const piece = await reader.read(at, at + pieceBytes);
      const lines = (begun + decoder.decode(piece, { stream: true })).split('\n');
      begun = lines.pop() ?? '';
      yield lines;
      if (piece.length < pieceBytes) return;
    }
  } finally {
    await reader.close();
  }
}

function isBefore(a: Source, b: Source): boolean {
  return a.line < b.line || (a.line === b.line && a.order < b.order);
}

function push(heap: Source[], source: Source): void {
  let at = heap.length;
  heap.push(source);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !isBefore(source, above)) break;
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
    const least = left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
    if (least === undefined || !isBefore(least, source)) break;
    heap[at] = least;
    at = least === left ? 2 * at + 1 : 2 * at + 2;
  }
  heap[at] = source;
}
