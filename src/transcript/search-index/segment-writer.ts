import { ownCopy } from '../../model/text/own-copy.ts';
import type { TranscriptFolder } from '../kept/transcript-folder.ts';
import {
  shardCalls,
  textsFile,
  wordsFile,
  type IndexedMessage,
  type IndexSegment,
} from '../search/engine/index-shape.ts';
import { NumbersText } from '../search/engine/numbers-text.ts';
import { termsOf } from '../search/engine/matches.ts';

/** What a browser reads for a word, and what it reads for a text, at the most by one message more. */
const charsPerWordsShard = 128 * 1024;
const messagesPerTextsShard = 1_024;
const charsPerTextsShard = 512 * 1024;

/** Words of messages in memory, 4 bytes each. */
const mostPairs = 4_000_000;
const mostMessages = 100_000;

/** Writes the part of an index that fits the memory: its texts as they come, its words at the end. */
export class SegmentWriter {
  readonly #folder: TranscriptFolder;
  readonly #segment: number;
  /** By term: its number. */
  readonly #terms = new Map<string, number>();
  /** The terms of one message behind those of another; where each one's end. */
  #pairs = new Uint32Array(1 << 16);
  #pairCount = 0;
  readonly #ends: number[] = [];
  readonly #texts: [first: number, sentMs: number][] = [];
  #shard: string[] = [];
  #shardChars = 0;

  constructor(folder: TranscriptFolder, segment: number) {
    this.#folder = folder;
    this.#segment = segment;
  }

  get isFull(): boolean {
    return this.#ends.length >= mostMessages || this.#pairCount >= mostPairs;
  }

  /** @param json the message as it is written */
  async add(json: string, message: IndexedMessage, roomId: string): Promise<void> {
    if (this.#shard.length === messagesPerTextsShard || this.#shardChars >= charsPerTextsShard)
      await this.#writeTexts();
    if (this.#shard.length === 0) this.#texts.push([this.#ends.length, message[8]]);
    this.#shard.push(json);
    this.#shardChars += json.length;
    for (const term of termsOf(message, roomId)) this.#note(term);
    this.#ends.push(this.#pairCount);
  }

  async finish(): Promise<IndexSegment> {
    await this.#writeTexts();
    return { messages: this.#ends.length, words: await this.#writeWords(), texts: this.#texts };
  }

  #note(term: string): void {
    let number = this.#terms.get(term);
    if (number === undefined) {
      number = this.#terms.size;
      this.#terms.set(ownCopy(term), number);
    }
    if (this.#pairCount === this.#pairs.length) {
      const grown = new Uint32Array(this.#pairs.length * 2);
      grown.set(this.#pairs);
      this.#pairs = grown;
    }
    this.#pairs[this.#pairCount] = number;
    this.#pairCount += 1;
  }

  async #writeTexts(): Promise<void> {
    if (this.#shard.length === 0) return;
    const shard = this.#texts.length - 1;
    const script = `${shardCalls.texts}(${this.#segment},${shard},[\n${this.#shard.join(',\n')}\n]);\n`;
    await this.#folder.write(`search/${textsFile(this.#segment, shard)}`, script);
    this.#shard = [];
    this.#shardChars = 0;
  }

  async #writeWords(): Promise<readonly string[]> {
    const numbersOf = this.#numbersByTerm();
    const firsts: string[] = [];
    let lines: string[] = [];
    let chars = 0;
    const write = async (): Promise<void> => {
      const shard = firsts.length - 1;
      const script = `${shardCalls.words}(${this.#segment},${shard},${JSON.stringify(lines.join('\n'))});\n`;
      await this.#folder.write(`search/${wordsFile(this.#segment, shard)}`, script);
      [lines, chars] = [[], 0];
    };
    for (const term of [...this.#terms.keys()].sort()) {
      if (lines.length === 0) firsts.push(term);
      const line = `${term} ${numbersOf(this.#terms.get(term) ?? 0)}`;
      lines.push(line);
      chars += line.length + 1;
      if (chars >= charsPerWordsShard) await write();
    }
    if (lines.length > 0) await write();
    return firsts;
  }

  /** Turns the list of terms by message into lists of messages by term, without a list for each: a counting sort. */
  #numbersByTerm(): (term: number) => string {
    const starts = new Uint32Array(this.#terms.size + 1);
    for (let at = 0; at < this.#pairCount; at++) {
      const next = (this.#pairs[at] ?? 0) + 1;
      starts[next] = (starts[next] ?? 0) + 1;
    }
    for (let term = 1; term < starts.length; term++) starts[term] = (starts[term] ?? 0) + (starts[term - 1] ?? 0);
    const filled = starts.slice();
    const messages = new Uint32Array(this.#pairCount);
    let message = 0;
    for (let at = 0; at < this.#pairCount; at++) {
      while (at >= (this.#ends[message] ?? Infinity)) message += 1;
      const term = this.#pairs[at] ?? 0;
      const place = filled[term] ?? 0;
      messages[place] = message;
      filled[term] = place + 1;
    }
    return (term) => {
      const text = new NumbersText();
      for (let at = starts[term] ?? 0; at < (starts[term + 1] ?? 0); at++) text.add(messages[at] ?? 0);
      return text.text;
    };
  }
}
