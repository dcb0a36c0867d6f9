import type { IndexReader } from '../engine/find-messages.ts';
import { directoryFile, shardCalls, textsFile, wordsFile } from '../engine/index-shape.ts';
import type { IndexDirectory, IndexedMessage } from '../engine/index-shape.ts';
import type { PageDocument } from './page-elements.ts';

/** What the shards of an index have handed over. */
interface Handed {
  directory: IndexDirectory | undefined;
  readonly words: Map<string, string>;
  readonly texts: Map<string, readonly IndexedMessage[]>;
}

/** Loads shards as scripts: the only way in which a page that was opened from a folder may read a file. */
export class ScriptShards implements IndexReader {
  readonly #document: PageDocument;
  readonly #handed: Handed = { directory: undefined, words: new Map(), texts: new Map() };

  /** @param scope the object whose properties are the page's globals */
  constructor(document: PageDocument, scope: object) {
    this.#document = document;
    const { words, texts } = this.#handed;
    Object.assign(scope, {
      [shardCalls.index]: (directory: IndexDirectory) => (this.#handed.directory = directory),
      [shardCalls.words]: (segment: number, shard: number, lines: string) =>
        words.set(wordsFile(segment, shard), lines),
      [shardCalls.texts]: (segment: number, shard: number, messages: readonly IndexedMessage[]) =>
        texts.set(textsFile(segment, shard), messages),
    });
  }

  async directory(): Promise<IndexDirectory> {
    await this.#load(directoryFile);
    return handedOver(this.#handed.directory, directoryFile);
  }

  async words(segment: number, shard: number): Promise<string> {
    const file = wordsFile(segment, shard);
    if (!this.#handed.words.has(file)) await this.#load(file);
    return handedOver(this.#handed.words.get(file), file);
  }

  async texts(segment: number, shard: number): Promise<readonly IndexedMessage[]> {
    const file = textsFile(segment, shard);
    if (!this.#handed.texts.has(file)) await this.#load(file);
    return handedOver(this.#handed.texts.get(file), file);
  }

  #load(file: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const script = this.#document.createElement('script');
      script.src = `search/${file}`;
      script.addEventListener('load', () => {
        script.remove();
        resolve();
      });
      script.addEventListener('error', () => reject(new Error(`The file search/${file} cannot be read.`)));
      this.#document.head.append(script);
    });
  }
}

function handedOver<Value>(value: Value | undefined, file: string): Value {
  if (value === undefined) throw new Error(`The file search/${file} is damaged.`);
  return value;
}
