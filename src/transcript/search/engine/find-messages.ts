import { isOfNoText, type IndexDirectory, type IndexedMessage, type IndexSegment } from './index-shape.ts';
import { holdsPhrases } from './matches.ts';
import { readNumbers } from './numbers-text.ts';
import type { QueryTerm, SearchQuery, TermGroup } from './search-query.ts';

/** Reads the shards of an index. */
export interface IndexReader {
  /** Words with their messages, a line each, in the order of code units: `word numbers`. */
  words(segment: number, shard: number): Promise<string>;
  texts(segment: number, shard: number): Promise<readonly IndexedMessage[]>;
}

/** What was found. */
export interface FoundMessages {
  /** With the words and in the scope. Phrases are looked for message by message, so of those it is the most there can be. */
  readonly most: number;
  readonly isExact: boolean;
  /** Whether the beginning of a word was too common for all words to be looked at that begin so. */
  readonly isCapped: boolean;
  /** Newest first; each text is read when it is asked for. */
  readonly messages: AsyncGenerator<IndexedMessage>;
}

/** Of the beginning of a word, per segment: shards that are read, and words that are joined. */
const mostShards = 12;
const mostWords = 400;

/** Looks in an index. Reads shards of words at once, and of texts those of the messages that are asked for. */
export async function findMessages(
  { segments }: Pick<IndexDirectory, 'segments'>,
  reader: IndexReader,
  query: SearchQuery,
): Promise<FoundMessages> {
  const caps = { isCapped: false };
  const found: { readonly at: number; readonly segment: IndexSegment; readonly numbers: readonly number[] }[] = [];
  for (const [at, segment] of segments.entries()) {
    const numbers = await numbersIn(at, segment, reader, query, caps);
    if (numbers.length > 0) found.push({ at, segment, numbers });
  }
  return {
    most: found.reduce((sum, { numbers }) => sum + numbers.length, 0),
    isExact: query.phrases.length === 0,
    isCapped: caps.isCapped,
    messages: (async function* () {
      for (const { at, segment, numbers } of found.toReversed()) {
        for (const number of numbers.toReversed()) {
          const shard = shardOf(segment, number);
          const message = (await reader.texts(at, shard))[number - (segment.texts[shard]?.[0] ?? 0)];
          if (message !== undefined && holdsPhrases(message, query)) yield message;
        }
      }
    })(),
  };
}

/** Messages of a segment that have a term of each group and were sent in the period, ascending. */
async function numbersIn(
  at: number,
  segment: IndexSegment,
  reader: IndexReader,
  query: SearchQuery,
  caps: { isCapped: boolean },
): Promise<readonly number[]> {
  const from = await firstSince(at, segment, reader, query.sinceMs);
  const to = await firstSince(at, segment, reader, query.untilMs);
  if (from >= to) return [];
  let numbers: readonly number[] | undefined;
  for (const group of query.groups) {
    const own = await numbersOfGroup(at, segment, reader, group, caps);
    numbers = numbers === undefined ? own : common(numbers, own);
    if (numbers.length === 0) return [];
  }
  return (numbers ?? []).filter((number) => number >= from && number < to);
}

/** The first message that was sent then or later. */
async function firstSince(at: number, segment: IndexSegment, reader: IndexReader, ms: number): Promise<number> {
  const { texts, messages } = segment;
  // Several may have been sent at the moment at which a shard begins, and stand in the one before.
  const shard = texts.findLastIndex(([, sentMs]) => sentMs < ms);
  const [first] = texts[shard] ?? [];
  if (first === undefined) return 0;
  if (ms === Infinity) return messages;
  const inShard = (await reader.texts(at, shard)).findIndex(([, , , , , , , , sentMs]) => sentMs >= ms);
  return inShard >= 0 ? first + inShard : (texts[shard + 1]?.[0] ?? messages);
}

async function numbersOfGroup(
  at: number,
  segment: IndexSegment,
  reader: IndexReader,
  group: TermGroup,
  caps: { isCapped: boolean },
): Promise<readonly number[]> {
  const lists: number[][] = [];
  for (const { term, isPrefix } of group) {
    const lines = isPrefix
      ? await linesBehind(at, segment, reader, term, caps)
      : await lineOf(at, segment, reader, term);
    for (const line of lines) {
      const numbers: number[] = [];
      readNumbers(line, line.lastIndexOf(' ') + 1, numbers);
      lists.push(numbers);
    }
  }
  const [only = []] = lists;
  return lists.length < 2 ? only : [...new Set(lists.flat())].sort((a, b) => a - b);
}

/** The line of a word, or none. */
async function lineOf(
  at: number,
  { words }: IndexSegment,
  reader: IndexReader,
  term: string,
): Promise<readonly string[]> {
  const shard = words.findLastIndex((first) => first <= term);
  if (shard < 0) return [];
  const text = await reader.words(at, shard);
  const start = text.startsWith(`${term} `) ? 0 : text.indexOf(`\n${term} `) + 1;
  if (start === 0 && !text.startsWith(`${term} `)) return [];
  const end = text.indexOf('\n', start);
  return [text.slice(start, end < 0 ? undefined : end)];
}

/** The lines of the words that begin so. */
async function linesBehind(
  at: number,
  { words }: IndexSegment,
  reader: IndexReader,
  prefix: QueryTerm['term'],
  caps: { isCapped: boolean },
): Promise<readonly string[]> {
  const lines: string[] = [];
  const firstShard = Math.max(
    0,
    words.findLastIndex((first) => first <= prefix),
  );
  for (let shard = firstShard; shard < words.length; shard++) {
    const first = words[shard] ?? '';
    if (shard > firstShard && !first.startsWith(prefix)) break;
    if (shard - firstShard === mostShards) {
      caps.isCapped = true;
      break;
    }
    const own = (await reader.words(at, shard))
      .split('\n')
      .filter((line) => line.startsWith(prefix) && !isOfNoText(line));
    lines.push(...own);
  }
  if (lines.length > mostWords) caps.isCapped = true;
  return lines.slice(0, mostWords);
}

function shardOf({ texts }: IndexSegment, number: number): number {
  let [low, high] = [0, texts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((texts[middle]?.[0] ?? 0) <= number) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** What two ascending lists have in common. */
function common(a: readonly number[], b: readonly number[]): readonly number[] {
  const both: number[] = [];
  let [atA, atB] = [0, 0];
  for (let [x, y] = [a[0], b[0]]; x !== undefined && y !== undefined; [x, y] = [a[atA], b[atB]]) {
    if (x === y) both.push(x);
    if (x <= y) atA += 1;
    if (y <= x) atB += 1;
  }
  return both;
}
